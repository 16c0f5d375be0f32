import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

// What happy-dom lacks and the screens touch.
Element.prototype.scrollIntoView ??= () => undefined;
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;

afterEach(cleanup);
