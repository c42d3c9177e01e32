// One place that knows where Preact is.
export { h, render, Fragment } from "../lib/preact.mjs";
export { useState, useEffect, useRef, useMemo, useCallback } from "../lib/hooks.mjs";
