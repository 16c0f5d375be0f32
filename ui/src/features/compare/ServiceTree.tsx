// Services and stacks with counts of what differs. Arrow keys walk, Enter chooses, or goes to a stack's changes.
import { ChevronRight, FileDiff } from "lucide-react";
import type { KeyboardEvent } from "react";
import { focusByKey } from "../../components/focus";
import type { ServiceDifferenceView, StackDifferenceView } from "../../contract";
import { ToneIcon } from "../../components/tone";
import { differenceWords } from "../../components/words";
import { Counts } from "./Counts";

type Props = { services: ServiceDifferenceView[]; selected: string | null; onSelect: (service: string) => void };

function walk(event: KeyboardEvent<HTMLElement>) {
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  const next = to === undefined ? undefined : all[to];
  if (!next) return;
  event.preventDefault();
  focusByKey(next);
}

export function ServiceTree({ services, selected, onSelect }: Props) {
  const unknown = services.filter((item) => item.state === "unknown").length;
  const differ = services.filter((item) => item.state !== "same").length - unknown;
  const first = services.some((item) => item.service === selected) ? selected : services[0]?.service;
  return (
    <>
      <div className="tree-head dim">
        {differ} of {services.length} differ{unknown > 0 && `, ${unknown} not known`}
        <span className="right faint keys"><span title="Keys for the next and the previous change">next <kbd>n</kbd> previous <kbd>p</kbd></span></span>
      </div>
      <ul onKeyDown={walk}>
        {services.map((item) => (
          <li key={item.service}>
            <button
              type="button"
              className={`tree-line ${item.state === "same" ? "calm" : ""}`}
              tabIndex={item.service === first ? 0 : -1}
              aria-current={item.service === selected}
              onClick={() => onSelect(item.service)}
              title={item.reason ?? item.service}
            >
              <ChevronRight className={`icon-s turn ${item.service === selected ? "turned" : ""}`} aria-hidden />
              <span className="ellipsis">{item.service}</span>
              {item.state === "unknown" ? <span className="right tone-unknown why-short"><ToneIcon tone="unknown" small /> not known</span>
                : item.state === "changed" || item.state === "same" ? <Counts counts={item.counts} />
                : <span className="faint right">{differenceWords[item.state]}</span>}
            </button>
            {item.service === selected && item.stacks.length > 1 && <ul>{item.stacks.map((stack) => <Stack key={stack.name} stack={stack} />)}</ul>}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Brings a stack's changes into view, and the keyboard to the first of them. */
function goTo(stack: string) {
  const section = document.getElementById(`stack-${stack}`);
  section?.scrollIntoView({ block: "start" });
  section?.querySelector<HTMLElement>("summary")?.focus({ preventScroll: true });
}

function Stack({ stack }: { stack: StackDifferenceView }) {
  return (
    <li>
      <button type="button" className="tree-line child" tabIndex={-1} onClick={() => goTo(stack.name)}>
        <FileDiff className="icon faint" aria-hidden /><span className="mono ellipsis">{stack.name}</span>
        {stack.state === "changed" || stack.state === "same" ? <Counts counts={stack.counts} /> : <span className="faint right">{differenceWords[stack.state]}</span>}
      </button>
    </li>
  );
}
