"""Jobs of real queue libraries, for the tests: puts them in, works on them, and says what the library itself counts.

    queues.py PORT LIBRARY ACTION

Each action prints one line of JSON where there is something to say.
"""
import asyncio, json, signal, sys

port, library, action = int(sys.argv[1]), sys.argv[2], sys.argv[3]
url = f"redis://127.0.0.1:{port}/0"


def say(**facts):
    print(json.dumps(facts), flush=True)


def ok(*_):
    return None


def bad(*_):
    raise ValueError("meant to fail")


def slow(key="go"):
    """Works until the test says so."""
    import redis

    redis.Redis(port=port).blpop(key)


class Celery:
    def __init__(self):
        import celery

        self.app = celery.Celery("queues", broker=url)
        self.app.conf.broker_connection_retry_on_startup = True
        self.slow = self.app.task(slow, name="slow")

    def enqueue(self):
        for priority in (0, 0, 3, 9):
            self.app.send_task("slow", queue="celery", priority=priority)
        for _ in range(2):
            self.app.send_task("slow", queue="emails")

    def work(self):
        self.app.worker_main(["worker", "-P", "threads", "-c", "1", "-Q", "celery", "-l", "ERROR"])

    def inspect(self):
        inspect = self.app.control.inspect(timeout=5)
        active, reserved = inspect.active() or {}, inspect.reserved() or {}
        count = lambda answers: sum(len(tasks) for tasks in answers.values())
        say(active=count(active), reserved=count(reserved))


class RQ:
    def __init__(self):
        import redis, rq

        self.connection = redis.Redis(port=port)
        self.rq = rq

    def queue(self, name):
        return self.rq.Queue(name, connection=self.connection)

    def enqueue(self):
        for _ in range(3):
            self.queue("default").enqueue("queues.ok")
        self.queue("default").enqueue("queues.bad")
        for _ in range(2):
            self.queue("low").enqueue("queues.ok")

    def burst(self):
        self.rq.SimpleWorker([self.queue("default")], connection=self.connection).work(burst=True, logging_level="ERROR")

    def work(self):
        self.queue("low").enqueue("queues.slow", at_front=True)
        self.rq.SimpleWorker([self.queue("low")], connection=self.connection).work(logging_level="ERROR")

    def suspend(self):
        from rq.suspension import suspend

        suspend(self.connection)

    def inspect(self):
        facts = {}
        for name in ("default", "low"):
            queue = self.queue(name)
            facts[name] = {
                "waiting": queue.count,
                "active": queue.started_job_registry.count,
                "completed": queue.finished_job_registry.count,
                "dead": queue.failed_job_registry.count,
                "deferred": queue.deferred_job_registry.count,
                "delayed": queue.scheduled_job_registry.count,
                "canceled": queue.canceled_job_registry.count,
                "workers": self.rq.Worker.count(queue=queue),
            }
        say(**facts)


class Dramatiq:
    def __init__(self):
        import dramatiq
        from dramatiq.brokers.redis import RedisBroker

        self.dramatiq, self.broker = dramatiq, RedisBroker(url=url)
        dramatiq.set_broker(self.broker)
        actor = lambda function: dramatiq.actor(function, actor_name=function.__name__, max_retries=0)
        self.ok, self.bad, self.slow = actor(ok), actor(bad), actor(slow)

    def enqueue(self):
        for _ in range(3):
            self.ok.send()
        self.bad.send()
        self.slow.send()
        self.ok.send_with_options(delay=3_600_000)

    def work(self):
        """Until SIGTERM; a message that is delayed then goes back."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        # It takes messages of the same millisecond in any order, so the slow one may come first.
        worker = self.dramatiq.Worker(self.broker, worker_threads=2)
        worker.start()
        signal.sigwait({signal.SIGTERM})
        worker.stop()

    def inspect(self):
        say(unfinished=self.broker.do_qsize("default"))


class Arq:
    def __init__(self):
        import arq

        self.arq, self.settings = arq, arq.connections.RedisSettings(port=port)

    def with_pool(self, use):
        async def run():
            return await use(await self.arq.create_pool(self.settings))

        return asyncio.run(run())

    def enqueue(self):
        async def put(pool):
            for name in ("ok", "ok", "bad", "slow"):
                await pool.enqueue_job(name)
            await pool.enqueue_job("ok", _defer_by=3600)

        self.with_pool(put)

    def work(self):
        def function(work):
            async def run(context):
                await asyncio.to_thread(work)

            return self.arq.func(run, name=work.__name__)

        self.arq.Worker([function(work) for work in (ok, bad, slow)], redis_settings=self.settings).run()

    def inspect(self):
        say(queued=len(self.with_pool(lambda pool: pool.queued_jobs())))


class Huey:
    def __init__(self):
        import huey

        self.app = huey.RedisHuey("mail", url=url)
        self.ok, self.bad, self.slow = (self.app.task(name=work.__name__)(work) for work in (ok, bad, slow))

    def enqueue(self):
        self.ok()
        self.ok.schedule(delay=3600)
        self.bad()
        self.slow()
        for _ in range(2):
            self.ok()

    def work(self):
        self.app.create_consumer(workers=1, periodic=False).run()

    def inspect(self):
        say(waiting=self.app.pending_count(), delayed=self.app.scheduled_count())


if __name__ == "__main__":
    getattr({"celery": Celery, "rq": RQ, "dramatiq": Dramatiq, "arq": Arq, "huey": Huey}[library](), action)()
