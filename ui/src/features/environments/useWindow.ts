// Which batches of the matrix exist: those near what is seen. Nothing but the scroll position is read while scrolling.
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { flushSync } from "react-dom";
import { heightOf, visible, type Chunk, type Line } from "./lines";

const MARGIN = 700;

export function useWindow(scroller: RefObject<HTMLDivElement | null>, chunks: Chunk[], lines: Line[], rowHeight: number) {
  const [range, setRange] = useState<[number, number]>([0, 5]);
  // The first frame draws what is seen; the room around it comes after.
  const margin = useRef(0);
  const size = useRef(900);
  const head = useRef(64);

  const look = useCallback(() => {
    const top = scroller.current?.scrollTop ?? 0;
    const [first, last] = visible(chunks, top - margin.current, top + size.current + margin.current);
    setRange((before) => (before[0] === first && before[1] === last ? before : [first, last]));
  }, [chunks, scroller]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = () => {
      size.current = element.clientHeight || 900;
      // Sticky cells cost this engine a layer each: they are there only while the matrix is wider than its place.
      element.classList.toggle("wide", element.scrollWidth > element.clientWidth + 1);
      head.current = element.querySelector<HTMLElement>(".mx-head")?.offsetHeight ?? 64;
      look();
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [look, scroller]);

  useEffect(() => {
    const timer = setTimeout(() => {
      margin.current = MARGIN;
      look();
    }, 120);
    return () => clearTimeout(timer);
  }, [look]);

  /** Scrolls just as far as needed to see a row whole. */
  const reveal = useCallback((rowIndex: number) => {
    const element = scroller.current;
    if (!element) return;
    let top = 0;
    for (const line of lines) {
      if (line.kind === "row" && line.index === rowIndex) break;
      top += heightOf(line, rowHeight);
    }
    const bottom = top + rowHeight + head.current;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + size.current) element.scrollTop = bottom - size.current;
    look();
  }, [lines, look, rowHeight, scroller]);

  // In the frame that scrolled: a render that follows as a task of its own would make the next frame late.
  const follow = useCallback(() => flushSync(look), [look]);

  return { range, follow, reveal, page: () => Math.max(1, Math.floor((size.current - head.current) / rowHeight) - 1) };
}
