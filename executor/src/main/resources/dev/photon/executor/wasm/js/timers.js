// Timers that wait only when there is nothing else to do. What they wait for, the run's limit counts.

let timers = [];
let last = 0;

function add(callback, delay, period, args) {
  if (typeof callback !== "function") {
    throw new TypeError("a timer needs a function");
  }
  const wait = Math.max(0, delay | 0);
  timers.push({ id: ++last, due: Date.now() + wait, period: period ? Math.max(1, wait) : 0, callback, args });
  return last;
}

function clear(id) {
  timers = timers.filter((timer) => timer.id !== id);
}

/** Waits for the earliest timer and calls it. Whether there was one. */
function next() {
  if (timers.length === 0) {
    return false;
  }
  const timer = timers.reduce((earliest, other) => (other.due < earliest.due ? other : earliest));
  const wait = timer.due - Date.now();
  if (wait > 0) {
    tell("sleep", String(Math.ceil(wait)));
  }
  if (timer.period > 0) {
    timer.due = Date.now() + timer.period;
  } else {
    clear(timer.id);
  }
  timer.callback(...timer.args);
  return true;
}

define({
  setTimeout: (callback, delay, ...args) => add(callback, delay, false, args),
  setInterval: (callback, delay, ...args) => add(callback, delay, true, args),
  clearTimeout: clear,
  clearInterval: clear,
  queueMicrotask: (callback) => {
    Promise.resolve().then(callback);
  },
});
