import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A busy machine is not a failure.
configure({ asyncUtilTimeout: 8_000 });

// What happy-dom lacks and the screens touch.
Element.prototype.scrollIntoView ??= () => undefined;
globalThis.CSS ??= { escape: (text: string) => text } as typeof CSS;

afterEach(cleanup);
