// A property path that may break after its dots instead of anywhere.
import { Fragment } from "react";

export function Path({ path }: { path: string }) {
  const parts = path.replace(/^\//, "").replaceAll("/", ".").split(".");
  return parts.map((part, index) => (
    // The same part may come twice: only its place tells them apart.
    <Fragment key={index}>{part}{index < parts.length - 1 && <>.<wbr /></>}</Fragment>
  ));
}
