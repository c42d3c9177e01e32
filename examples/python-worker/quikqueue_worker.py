"""A pull worker for QuikQueue, on nothing but Python's standard library (3.9 or newer).

    from quikqueue_worker import Worker

    worker = Worker("http://127.0.0.1:8000", queue="default", slots=4)

    @worker.handler("resize")
    def resize(payload, job):
        job.progress(50, "half way")
        return {"width": payload["width"] // 2}

    worker.run()  # until SIGTERM or SIGINT

A handler returns the job's result, any JSON. What it raises fails the attempt, which the job's
retry policy has repeated; PermanentFailure is not repeated, nor is a result that the service does
not take. A handler of a job that was cancelled or lost goes on until it returns, unless it looks at
job.stopped now and then.
"""

import argparse
import http.client
import json
import logging
import os
import random
import re
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
# What the server is asked to wait for a job, in seconds. A worker that stops waits for the answer:
# there may be jobs in it.
WAIT = 5.0
# How long a worker that stops tries to give back what it has not done, in seconds.
GIVE_BACK = 10.0
# How long one report is sent again and again while the service is away, in seconds.
PATIENCE = 600.0
# Of a request, in bytes: the service's own `maxBody`. It hangs up on what is larger, which looks as
# if it were away.
MAX_BODY = 1 << 20
# What the service keeps of a failure, in characters.
MAX_MESSAGE = 2000
MAX_TRACE = 8192
MAX_CLASS = 255
# What is raised, besides OSError, when an answer breaks off or is something else than JSON.
NO_ANSWER = (ValueError, RecursionError, http.client.HTTPException)
# Items of a batch, and leases of a request.
MOST_ITEMS = 500


class PermanentFailure(Exception):
    """Another attempt would be pointless."""


class Suspended(BaseException):
    """Ends an attempt whose job sleeps or has moved on; no Exception, so that no handler takes it
    for a failure of its own."""


class Refused(Exception):
    """What the service does not take, today or later."""

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
        self.timeout = seconds(lease["timeout"])  # since it was leased
        self.leased = time.monotonic()
        self.started = False
        self._steps = None
        self._sleeps = 0
        self._waits = {}
        self.stopped = None  # "cancelled" or "lost": what the handler still does is in vain

    def progress(self, percent, message=None):
        """Says how far the attempt is, 0 to 100."""
        self._worker.tell(self, "progress", {"percent": percent, "message": message})

    def log(self, *lines):
        """Logs lines, which are kept with the job."""
        self._worker.tell(self, "log", {"lines": [str(line) for line in lines]})

    def step(self, name, function):
        """Does something once for all attempts of the job: an attempt that comes after this one
        gets what was kept, and does not do it again. When this process dies before it is kept, the
        next attempt does it once more."""
        if self._steps is None:
            steps = self._worker.get("/v1/jobs/%s/steps" % self.id)["steps"]
            self._steps = {step["name"]: step["value"] for step in steps if step["kind"] == "result"}
        if name not in self._steps:
            answer = self._keep(name, function())
            self._steps[name] = answer["value"]
        return self._steps[name]

    def _keep(self, name, value):
        path = "/v1/jobs/%s/steps/%s" % (self.id, name)
        return self._ask(path, {"lease": self.lease["id"], "value": value}, "PUT")

    def sleep(self, seconds, name=None):
        """Sleeps without a slot: the attempt ends here, and the next one comes to this call again
        and goes on once the time has passed since the first. The sleeps of an attempt are told
        apart by their order, unless they have names."""
        self._sleeps += 1
        fields = {"name": name or "sleep-%d" % self._sleeps, "for": "%dms" % (seconds * 1000)}
        self._suspend("sleep", fields)

    def wait_for_signal(self, signal, timeout):
        """Waits as it sleeps, for POST /v1/jobs/{id}/signals/{signal}; gives what came with it,
        or None when it did not come in `timeout` seconds."""
        count = self._waits[signal] = self._waits.get(signal, 0) + 1
        fields = {
            "name": "signal-%s-%d" % (signal, count),
            "signal": signal,
            "timeout": "%dms" % (timeout * 1000),
        }
        return self._suspend("wait", fields)

    def _suspend(self, action, fields):
        answer = self._ask("/v1/leases/%s/%s" % (self.lease["id"], action), fields, "POST")
        if "state" in answer:
            raise Suspended()
        return answer["value"]

    def _ask(self, path, fields, method):
        try:
            return self._worker.ask(path, fields, method)
        except Refused as e:
            if e.status in (404, 409):
                self.stopped = self.stopped or "lost"
                raise Suspended() from None
            raise PermanentFailure(str(e)) from None


class Worker:
    def __init__(self, url, queue="default", slots=4, prefetch=0, lease=30, name=None):
        """
        slots: jobs run at once, each on a thread
        prefetch: jobs leased and not yet started, at most. A job's timeout runs from its lease, so
            what waits here has less time to run, and goes back when half of it is over. More than
            0 is for many short jobs.
        lease: seconds for which a job is kept when this process is not heard of
        """
        if not re.fullmatch(r"https?://[^/\s]+(/\S*)?", url):
            raise ValueError("url must be like http://127.0.0.1:8000")
        self.url = url.rstrip("/")
        self._place = self.url.rsplit("@", 1)[-1]  # without a password, for messages
        self.queue = queue
        self.slots = slots
        self.prefetch = prefetch
        self.lease = lease
        # Its own at each start: what the process before has leased is not known here.
        self.name = name or "%s-%d-%04x" % (
            socket.gethostname() or "python",
            os.getpid(),
            random.randrange(1 << 16),
        )
        self.handlers = {}
        self._held = {}
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
        has not started, and what is left, goes back without using up an attempt. Returns
        GIVE_BACK seconds after that at the latest, whatever the service does."""
        signals = []  # a handler that set the event could meet this thread inside of it
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda got, _: signals.append(got))
        for _ in range(self.slots):
            self._thread(self._run_jobs)
        self._thread(self._heartbeats)
        fetcher = self._thread(self._fetch)
        log.info("worker %s takes %s from %s", self.name, sorted(self.handlers), self.queue)
        while not signals:
            time.sleep(0.2)
        log.info("worker %s stops", self.name)
        self._stop.set()
        self._thread(self._drain, fetcher, drain).join(drain + GIVE_BACK)
        self._done.set()
        for _ in range(self.slots):
            self._ready.put(None)
        log.info("worker %s stopped, %d jobs not given back", self.name, len(self._held))

    def _thread(self, loop, *arguments):
        """A thread on which a loop runs until it returns: what it raises does not end it."""

        def guarded():
            while True:
                try:
                    return loop(*arguments)
                except BaseException:  # a thread would end on SystemExit without a word
                    log.exception("%s goes on after what should not happen", loop.__name__)
                    self._done.wait(1)

        thread = threading.Thread(target=guarded, daemon=True)
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
                "max": min(room, MOST_ITEMS),
                "wait": "%dms" % (WAIT * 1000),
                "lease": "%ds" % self.lease,
            }
            try:
                path = "/v1/queues/%s/lease" % self.queue
                leases = self._post(path, request, WAIT + 10)["leases"]
                failures = 0
            except (Refused, OSError) as e:
                log.warning("cannot lease from %s now: %s", self._place, getattr(e, "reason", e))
                failures += 1
                self._stop.wait(backoff(failures))
                continue
            for job in [Job(self, lease) for lease in leases]:
                with self._lock:
                    self._held[job.lease["id"]] = job
                self._ready.put(job)

    # -- running

    def _run_jobs(self):
        for job in iter(self._ready.get, None):
            with self._lock:
                job.started = not self._stop.is_set()
            if job.started:  # else it goes back
                try:
                    self._run_job(job)
                finally:
                    self._forget([job])

    def _run_job(self, job):
        waited = time.monotonic() - job.leased
        if job.stopped or waited > job.timeout / 2:
            log.info("job %s is not started, %.1f s after it was leased", job.id, waited)
            self._finish(job, "release", {})
            return
        try:
            function = self.handlers[job.type]
            report = ("complete", {"result": function(job.payload, job)})
        except Suspended:
            return  # its lease is over
        except BaseException as e:  # whatever a handler raises, sys.exit() too, fails its attempt
            report = ("fail", failure(e))
        self._finish(job, *report)

    def _finish(self, job, action, fields):
        try:
            if not job.stopped:
                self._report(job, action, fields)
        except Refused as e:
            log.warning("job %s attempt %s: %s refused: %s", job.id, job.attempt, action, e)
            if action == "complete" and e.status not in (404, 409):  # those say that it is over
                message = "the result was refused: %s" % e
                message = message.encode("ascii", "replace").decode()[:300]
                self._finish(job, "fail", {"message": message, "permanent": True})
        except OSError as e:
            log.error("job %s attempt %s: gave up reporting: %s", job.id, job.attempt, e)

    def _forget(self, jobs):
        with self._lock:
            for job in jobs:
                if self._held.get(job.lease["id"]) is job:  # else it went back and came again
                    del self._held[job.lease["id"]]

    # -- reporting

    def _report(self, job, action, fields):
        """Sends a report until it is answered: the service takes one twice for one."""
        return self.ask("/v1/leases/%s/%s" % (job.lease["id"], action), fields, "POST")

    def get(self, path):
        return self.ask(path, None, "GET")

    def ask(self, path, fields, method):
        """Sends what may be sent twice until it is answered."""
        end = time.monotonic() + PATIENCE
        failures = 0
        while True:
            try:
                return self._send(path, fields, 30, method)
            except OSError as e:
                failures += 1
                wait = backoff(failures)
                if time.monotonic() + wait > end:
                    raise
                log.warning("cannot report now, again in %.1f s: %s", wait, e)
                if self._done.wait(wait):
                    raise

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
            for start in range(0, len(leases), MOST_ITEMS):
                part = leases[start : start + MOST_ITEMS]
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
        return self._send(path, body, timeout, "POST")

    def _send(self, path, body, timeout, method):
        """The answer. Raises OSError when it is worth another try, else Refused."""
        try:
            text = json.dumps(body, ensure_ascii=False, allow_nan=False)
            data = b"" if body is None else text.encode()
        except Exception as e:  # also what objects in it raise
            detail = "not JSON: %s: %s" % (type(e).__name__, text_of(e))
            raise Refused(422, {"detail": detail}) from None
        if len(data) > MAX_BODY:
            raise Refused(413, {"detail": "%d bytes, of %d at most" % (len(data), MAX_BODY)})
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        try:
            request = urllib.request.Request(
                self.url + path, None if body is None else data, headers, method=method
            )
            key = os.environ.get("QQ_API_KEY", "").strip()
            if key:  # to this address alone, wherever an answer may send us
                request.add_unredirected_header("Authorization", "Bearer " + key)
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as e:
            with e:
                problem = problem_of(e)
            if e.code in (408, 429) or e.code >= 500:
                raise OSError("%s %s" % (e.code, problem.get("detail", ""))) from None
            raise Refused(e.code, problem) from None
        except NO_ANSWER as e:
            raise OSError("no answer that can be read: %r" % e) from None

    # -- stopping

    def _drain(self, fetcher, drain):
        """Ends when no job is held and none can come any more."""
        end = time.monotonic() + drain
        while not self._done.is_set():
            over = time.monotonic() >= end
            with self._lock:
                back = [job for job in self._held.values() if over or not job.started]
            if back:
                self._give_back(back[:MOST_ITEMS])
            elif self._held or fetcher.is_alive():
                time.sleep(0.05)
            else:
                return

    def _give_back(self, jobs):
        """Tries it once: whatever is answered of a lease, it is over then."""
        items = [{"id": job.lease["id"], "action": "release"} for job in jobs]
        try:
            self._post("/v1/leases/batch", items, GIVE_BACK / 2)
        except (Refused, OSError) as e:
            log.warning("cannot give back %d jobs now: %s", len(jobs), e)
            self._done.wait(0.5)
            return
        for job in jobs:
            job.stopped = job.stopped or "lost"
        self._forget(jobs)


def backoff(failures):
    """0.25 s doubling up to 10 s, with jitter."""
    return min(10.0, 0.25 * 2 ** min(failures, 10)) * (0.5 + random.random() / 2)


def seconds(duration):
    """Of "1500ms" or "20s", as the service writes them."""
    if duration.endswith("ms"):
        return int(duration[:-2]) / 1000
    return float(duration[:-1])


def failure(error):
    return {
        "message": sendable(text_of(error) or type(error).__name__)[:MAX_MESSAGE],
        "class": sendable(type(error).__name__)[:MAX_CLASS],
        "trace": sendable(traceback.format_exc())[-MAX_TRACE:],
        "permanent": isinstance(error, PermanentFailure),
    }


def text_of(error):
    try:
        return str(error)
    except Exception:
        return ""


def sendable(text):
    """Without half surrogates, which UTF-8 cannot write."""
    return text.encode("utf-8", "replace").decode()


def problem_of(error):
    try:
        problem = json.load(error)
        return problem if isinstance(problem, dict) else {}
    except (OSError,) + NO_ANSWER:
        return {}


def main():
    """A worker with two handlers, to try it out."""
    arguments = argparse.ArgumentParser(description=main.__doc__)
    for name, default, what in (
        ("--url", "http://127.0.0.1:8000", "where the service is"),
        ("--queue", "default", "the queue to take jobs from"),
        ("--slots", 4, "jobs run at once"),
        ("--lease", 30, "seconds for which a job is kept when this worker is not heard of"),
    ):
        what += " (default: %(default)s)"
        arguments.add_argument(name, type=type(default), default=default, help=what)
    options = arguments.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        worker = Worker(options.url, options.queue, options.slots, lease=options.lease)
    except ValueError as e:
        arguments.error(str(e))

    @worker.handler("py.reverse")
    def reverse(payload, job):
        return payload["text"][::-1]

    @worker.handler("py.order")
    def order(payload, job):
        job.log("charge")
        receipt = job.step("charge", lambda: {"paid": payload["amount"], "attempt": job.attempt})
        job.sleep(payload["cool_down"])
        approval = job.wait_for_signal("approve", timeout=600)
        return {"receipt": receipt, "approval": approval, "attempt": job.attempt}

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
