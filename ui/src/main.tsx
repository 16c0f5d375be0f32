import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { createRoot } from "react-dom/client";
import { askAhead, queryClient } from "./host/queries";
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

// The answers are on their way while React draws the frame.
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
