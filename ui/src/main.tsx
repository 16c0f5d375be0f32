import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { host } from "#host";
import { askAhead, queryClient, startFrom } from "./host/queries";
import { keep } from "./lastview";
import { router } from "./router";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/frame.css";
import "./styles/environments.css";
import "./styles/compare.css";
import "./styles/promotions.css";
import "./styles/running.css";

// Laying text out in a stand-in costs this engine 100 ms for finding it; the fonts are read while React draws.
for (const face of ['400 13px "Inter Variable"', '400 12px "JetBrains Mono Variable"']) void document.fonts.load(face);
startFrom(host.firstLook(), queryClient);
// The answers are on their way while React draws.
askAhead("estate_view", {});
askAhead("overview_view", {});

router.subscribe("onResolved", ({ toLocation }) => keep(toLocation.pathname, toLocation.search));

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
}
