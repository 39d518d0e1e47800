// A gateway for recordings: Go's net/http. Arguments: port.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
)

func main() {
	http.HandleFunc("/", func(answer http.ResponseWriter, request *http.Request) {
		io.Copy(io.Discard, request.Body)
		switch {
		case strings.HasPrefix(request.URL.Path, "/missing"):
			answer.WriteHeader(404)
		case request.URL.Path == "/fail":
			answer.WriteHeader(500)
		case request.URL.Path == "/events":
			answer.Header().Set("Content-Type", "text/event-stream")
		}
		for line := 0; line < 5; line++ {
			fmt.Fprintf(answer, "line %d of a body\n", line)
			if line == 2 {
				answer.(http.Flusher).Flush()
			}
		}
	})
	http.ListenAndServe("127.0.0.1:"+os.Args[1], nil)
}
