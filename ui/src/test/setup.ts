import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach } from "vitest";

// A busy machine is not a failure.
configure({ asyncUtilTimeout: 8_000 });

// What happy-dom lacks and the screens touch.
Element.prototype.scrollIntoView ??= () => undefined;
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;

afterEach(cleanup);

// React Aria speaks for the first time 100 ms late; in a file that has ended there is no document to speak into.
afterAll(() => document.querySelectorAll("[data-live-announcer]").forEach((region) => region.remove()));
