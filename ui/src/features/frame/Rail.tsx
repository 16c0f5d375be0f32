// The rail: the screens that exist, and how many promotions wait for me.
import { Link, useRouterState, useSearch } from "@tanstack/react-router";
import { GitCompare, LayoutGrid, Rocket, ScrollText, Settings } from "lucide-react";
import { useAsk } from "../../host/queries";

const places = [
  { to: "/environments", label: "Environments", icon: LayoutGrid, byTeam: true },
  { to: "/compare", label: "Compare", icon: GitCompare, byTeam: true },
  { to: "/promotions", label: "Promotions", icon: Rocket, byTeam: true },
  { to: "/audit", label: "Audit", icon: ScrollText, byTeam: false },
] as const;

export function Rail() {
  const promotions = useAsk("promotions_view", {});
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { team }: { team?: string } = useSearch({ strict: false });
  const needsMe = promotions.data?.needsMe ?? 0;
  return (
    <nav className="rail" aria-label="Screens">
      {places.map(({ to, label, icon: Icon, byTeam }) => (
        <Link key={to} to={to} search={byTeam && team ? { team } : {}} aria-current={path.startsWith(to) ? "page" : undefined} title={label}>
          <Icon className="icon" aria-hidden /><span>{label}</span>
          {to === "/promotions" && needsMe > 0 && (
            <b className="count right"><span className="sr">needs me: </span>{needsMe}</b>
          )}
        </Link>
      ))}
      <span className="grow" />
      <Link to="/settings" aria-current={path.startsWith("/settings") ? "page" : undefined} title="Settings">
        <Settings className="icon" aria-hidden /><span>Settings</span>
      </Link>
    </nav>
  );
}
