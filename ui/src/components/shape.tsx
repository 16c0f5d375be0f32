// The icons of the matrix as one path each. There are thousands of them on the screen and dozens are made while it is
// scrolled: an icon component with an element for each stroke would cost more than the words beside it.
// Outlines: Lucide, ISC licence, copyright Lucide Icons and Contributors. A test holds them to the package.
const shapes = {
  "circle-check": "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0M16 9l-5.5 5.5L8 12",
  "loader-circle": "M21 12a9 9 0 1 1-6.219-8.56",
  "hand": "M18 11V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2M14 10V4a2 2 0 0 0-2-2a2 2 0 0 0-2 2v2M10 10.5V6a2 2 0 0 0-2-2a2 2 0 0 0-2 2v8M18 8a2 2 0 1 1 4 0v6a8 8 0 0 1-8 8h-2c-2.8 0-4.5-.86-5.99-2.34l-3.6-3.6a2 2 0 0 1 2.83-2.82L7 15",
  "circle-x": "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0M15 9l-6 6M9 9l6 6",
  "circle-exclamation-point": "M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0M12 8L12 12M12 16L12.01 16",
  "snowflake": "M10 20l-1.25-2.5L6 18M10 4 8.75 6.5 6 6M14 20l1.25-2.5L18 18M14 4l1.25 2.5L18 6M17 21l-3-6h-4M17 3l-3 6 1.5 3M2 12h6.5L10 9M20 10l-1.5 2 1.5 2M22 12h-6.5L14 15M4 10l1.5 2L4 14M7 21l3-6-1.5-3M7 3l3 6h4",
  "circle-dashed": "M10.1 2.182a10 10 0 0 1 3.8 0M13.9 21.818a10 10 0 0 1-3.8 0M17.609 3.721a10 10 0 0 1 2.69 2.7M2.182 13.9a10 10 0 0 1 0-3.8M20.279 17.609a10 10 0 0 1-2.7 2.69M21.818 10.1a10 10 0 0 1 0 3.8M3.721 6.391a10 10 0 0 1 2.7-2.69M6.391 20.279a10 10 0 0 1-2.69-2.7",
  "minus": "M5 12h14",
  "git-commit-horizontal": "M9 12a3 3 0 1 0 6 0a3 3 0 1 0 -6 0M3 12L9 12M15 12L21 12",
  "cloud-off": "M10.94 5.274A7 7 0 0 1 15.71 10h1.79a4.5 4.5 0 0 1 4.222 6.057M18.796 18.81A4.5 4.5 0 0 1 17.5 19H9A7 7 0 0 1 5.79 5.78M2 2l20 20",
  "arrow-right": "M5 12h14M12 5l7 7-7 7",
};

export type ShapeName = keyof typeof shapes;

type Props = { name: ShapeName; className: string; label?: string | undefined };

/** Drawn in the colour of the words around it; without a label it is decoration. */
export function Shape({ name, className, label }: Props) {
  return label
    ? <svg className={`shape ${className}`} viewBox="0 0 24 24" role="img" aria-label={label}><path d={shapes[name]} /></svg>
    : <svg className={`shape ${className}`} viewBox="0 0 24 24" aria-hidden><path d={shapes[name]} /></svg>;
}

/** The outline, for the test that holds it to its origin. */
export const outlineOf = (name: ShapeName): string => shapes[name];
