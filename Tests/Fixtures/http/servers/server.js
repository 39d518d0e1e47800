// A gateway for recordings: Node's http. Arguments: port.
const http = require("http");

http.createServer((request, answer) => {
  request.on("data", () => {});
  request.on("end", () => {
    const status = request.url.startsWith("/missing") ? 404 : request.url.startsWith("/fail") ? 500 : 200;
    const type = request.url.startsWith("/events") ? "text/event-stream" : "text/plain";
    answer.writeHead(status, { "Content-Type": type });
    answer.write("a body ");
    answer.end("in two pieces\n");
  });
}).listen(Number(process.argv[2]), "127.0.0.1");
