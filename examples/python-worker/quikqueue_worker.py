"""A pull worker for QuikQueue, on nothing but Python's standard library (3.8 or newer).

    from quikqueue_worker import Worker

    worker = Worker("http://127.0.0.1:8000", queue="default", slots=4)

    @worker.handler("resize")
    def resize(payload, job):
        job.progress(50, "half way")
        return {"width": payload["width"] // 2}

    worker.run()  # until SIGTERM or SIGINT

A handler returns the job's result, any JSON. What it raises fails the attempt, which the job's
retry policy has repeated; PermanentFailure is not repeated. A handler of a job that was cancelled or
lost goes on until it returns, unless it looks at job.stopped now and then.
"""

import argparse
import json
import logging
import os
import random
import signal
import socket
import threading
import time
import traceback
import urllib.error
import urllib.request
from queue import Queue

log = logging.getLogger("quikqueue")

# After its Redis was wiped, the service waits a few seconds for workers to be heard of.
LONGEST_BEAT = 5.0
# What the server is asked to wait for a job, in seconds.
WAIT = 20.0
# How long one report is sent again and again while the service is away, in seconds.
PATIENCE = 600.0


class PermanentFailure(Exception):
    """Another attempt would be pointless."""


class Refused(Exception):
    """The service answered, and would answer the same again."""

    def __init__(self, status, problem):
        super().__init__("%s %s" % (status, problem.get("detail", "")))
        self.status = status
        self.problem = problem


class Job:
    """One attempt, as its handler sees it."""

    def __init__(self, worker, lease):
        self._worker = worker
        self.lease = lease
        self.id = lease["job_id"]
        self.attempt = lease["attempt"]
        self.type = lease["type"]
        self.payload = lease["payload"]
        self.labels = lease["labels"]
        self.started = False
        self.stopped = None  # "cancelled" or "lost": what the handler still does is in vain

    def progress(self, percent, message=None):
        """Says how far the attempt is, 0 to 100."""
        self._worker.tell(self, "progress", {"percent": percent, "message": message})

    def log(self, *lines):
        """Writes lines to the service's log."""
        self._worker.tell(self, "log", {"lines": [str(line) for line in lines]})


class Worker:
    def __init__(self, url, queue="default", slots=4, prefetch=None, lease=30, name=None):
        """
        slots: jobs run at once, each on a thread
        prefetch: jobs leased and not yet started, at most; as many as slots unless given
        lease: seconds for which a job is kept when this process is not heard of
        """
        self.url = url.rstrip("/")
        self.queue = queue
        self.slots = slots
        self.prefetch = slots if prefetch is None else prefetch
        self.lease = lease
        # Its own at each start: what the process before has leased is not known here.
        self.name = name or "%s-%d-%04x" % (
            socket.gethostname() or "python",
            os.getpid(),
            random.randrange(1 << 16),
        )
        self.handlers = {}
        self._held = {}
        self._drained = False
        self._ready = Queue()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._done = threading.Event()

    def handler(self, job_type):
        """Decorates the function that runs jobs of a type: handler(payload, job) -> result."""

        def register(function):
            self.handlers[job_type] = function
            return function

        return register

    def run(self, drain=15.0):
        """Runs jobs until SIGTERM or SIGINT. Then what runs has `drain` seconds to finish; what
        has not started, and what is left, goes back without using up an attempt."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        runners = [self._thread(self._run_jobs) for _ in range(self.slots)]
        self._thread(self._heartbeats)
        self._thread(self._fetch)
        log.info("worker %s takes %s from %s", self.name, sorted(self.handlers), self.queue)
        while not self._stop.wait(0.2):
            pass
        self._drain(runners, drain)

    @staticmethod
    def _thread(target):
        thread = threading.Thread(target=target, daemon=True)
        thread.start()
        return thread

    # -- leasing

    def _fetch(self):
        failures = 0
        while not self._stop.is_set():
            room = self.slots + self.prefetch - len(self._held)
            if room <= 0:
                self._stop.wait(0.02)
                continue
            request = {
                "worker": self.name,
                "types": sorted(self.handlers),
                "max": min(room, 500),
                "wait": "%dms" % (WAIT * 1000),
                "lease": "%ds" % self.lease,
            }
            try:
                path = "/v1/queues/%s/lease" % self.queue
                leases = self._post(path, request, WAIT + 10)["leases"]
                failures = 0
            except Refused as e:
                log.error("cannot lease: %s", e)
                failures += 1
                self._stop.wait(backoff(failures))
                continue
            except OSError as e:
                log.warning("cannot lease now: %s", e)
                failures += 1
                self._stop.wait(backoff(failures))
                continue
            for lease in leases:
                job = Job(self, lease)
                with self._lock:
                    self._held[lease["id"]] = job
                    drained = self._drained
                if drained:  # it came after the worker began to stop
                    self._finish(job, "release", {})
                else:
                    self._ready.put(job)

    # -- running

    def _run_jobs(self):
        while True:
            job = self._ready.get()
            if job is None:
                return
            with self._lock:
                job.started = not self._stop.is_set()
            if job.started:
                self._run_job(job)

    def _run_job(self, job):
        if job.stopped:
            self._finish(job, "release", {})
            return
        try:
            function = self.handlers[job.type]
            result = function(job.payload, job)
            report = ("complete", {"result": result})
            json.dumps(report)
        except PermanentFailure as e:
            report = ("fail", failure(e, True))
        except Exception as e:  # whatever a handler raises is its attempt's failure
            report = ("fail", failure(e, False))
        self._finish(job, *report)

    def _finish(self, job, action, fields):
        try:
            if not job.stopped:
                self._report(job, action, fields)
        except Refused as e:
            log.warning("job %s attempt %s: %s refused: %s", job.id, job.attempt, action, e)
            if action == "complete" and e.status in (413, 422):
                self._finish(job, "fail", {"message": str(e), "permanent": True})
        except OSError as e:
            log.error("job %s attempt %s: gave up reporting: %s", job.id, job.attempt, e)
        finally:
            with self._lock:
                self._held.pop(job.lease["id"], None)

    # -- reporting

    def _report(self, job, action, fields):
        """Sends a report until it is answered: the service takes one twice for one."""
        path = "/v1/leases/%s/%s" % (job.lease["id"], action)
        end = time.monotonic() + PATIENCE
        failures = 0
        while True:
            try:
                return self._post(path, fields, 30)
            except OSError as e:
                failures += 1
                wait = backoff(failures)
                if time.monotonic() + wait > end:
                    raise
                log.warning("cannot report now, again in %.1f s: %s", wait, e)
                time.sleep(wait)

    def tell(self, job, action, fields):
        """Sends what may get lost."""
        try:
            self._post("/v1/leases/%s/%s" % (job.lease["id"], action), fields, 10)
        except (Refused, OSError) as e:
            log.info("job %s: %s not told: %s", job.id, action, e)

    def _heartbeats(self):
        beat = min(self.lease / 3, LONGEST_BEAT)
        while not self._done.wait(beat):
            with self._lock:
                jobs = {lease: job for lease, job in self._held.items() if not job.stopped}
            leases = list(jobs)
            for start in range(0, len(leases), 500):
                part = leases[start : start + 500]
                try:
                    items = [{"id": lease, "action": "heartbeat"} for lease in part]
                    answers = self._post("/v1/leases/batch", items, max(beat, 5))["items"]
                except (Refused, OSError) as e:
                    log.warning("no heartbeat now: %s", e)
                    continue
                for lease, answer in zip(part, answers):
                    stop = "lost" if "error" in answer else answer.get("stop")
                    if stop:
                        jobs[lease].stopped = stop
                        log.info("job %s has to stop: %s", jobs[lease].id, stop)

    def _post(self, path, body, timeout):
        """The answer. Raises OSError when it is worth another try, else Refused."""
        request = urllib.request.Request(
            self.url + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Accept": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as e:
            with e:
                problem = problem_of(e)
            if e.code == 429 or e.code >= 500:
                raise OSError("%s %s" % (e.code, problem.get("detail", ""))) from None
            raise Refused(e.code, problem) from None
        except ValueError as e:
            raise OSError("no JSON: %s" % e) from None

    # -- stopping

    def _drain(self, runners, seconds):
        log.info("worker %s stops", self.name)
        with self._lock:
            self._drained = True
            waiting = [job for job in self._held.values() if not job.started]
        for job in waiting:
            self._finish(job, "release", {})
        for _ in runners:
            self._ready.put(None)
        end = time.monotonic() + seconds
        while self._held and time.monotonic() < end:
            time.sleep(0.05)
        with self._lock:
            left = list(self._held.values())
        for job in left:
            self._finish(job, "release", {})
        self._done.set()
        log.info("worker %s stopped", self.name)


def backoff(failures):
    """0.25 s doubling up to 10 s, with jitter."""
    return min(10.0, 0.25 * 2 ** min(failures, 10)) * (0.5 + random.random() / 2)


def failure(error, permanent):
    return {
        "message": str(error) or type(error).__name__,
        "class": type(error).__name__,
        "trace": traceback.format_exc()[-8000:],
        "permanent": permanent,
    }


def problem_of(error):
    try:
        problem = json.load(error)
        return problem if isinstance(problem, dict) else {}
    except ValueError:
        return {}


def main():
    """A worker with two handlers, to try it out."""
    arguments = argparse.ArgumentParser(description=main.__doc__)
    arguments.add_argument("--url", default="http://127.0.0.1:8000")
    arguments.add_argument("--queue", default="default")
    arguments.add_argument("--slots", type=int, default=4)
    arguments.add_argument("--lease", type=int, default=30)
    options = arguments.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    worker = Worker(options.url, options.queue, options.slots, lease=options.lease)

    @worker.handler("py.reverse")
    def reverse(payload, job):
        return payload["text"][::-1]

    @worker.handler("py.sleep")
    def sleep(payload, job):
        for second in range(payload["seconds"]):
            if job.stopped:
                return None
            job.progress(100 * second // payload["seconds"], "%d s" % second)
            time.sleep(1)
        return {"slept": payload["seconds"], "attempt": job.attempt}

    worker.run()


if __name__ == "__main__":
    main()
