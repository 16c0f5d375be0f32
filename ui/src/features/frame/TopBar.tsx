// Estate, team, search, freshness, refresh, light or dark, identity.
import { Building2, Moon, Search, Sun } from "lucide-react";
import { Button } from "react-aria-components";
import { setPreferences, usePreferences } from "../../components/preferences";
import { useAsk } from "../../host/queries";
import type { Progress } from "./Frame";
import { IdentityMenu } from "./IdentityMenu";
import { Refresh } from "./Refresh";
import { Sources } from "./Sources";
import { TeamChoice } from "./TeamChoice";

export function TopBar({ progress, openPalette }: { progress: Progress | null; openPalette: () => void }) {
  const estate = useAsk("estate_view", {});
  const overview = useAsk("overview_view", {});
  const { theme } = usePreferences();
  const other = theme === "dark" ? "light" : "dark";
  return (
    <>
      <span className="box estate" title={estate.data && `${estate.data.name}, ${estate.data.file}`}>
        <Building2 className="icon" aria-hidden /><span className="ellipsis">{estate.data?.name ?? "No estate"}</span>
        {estate.data?.practice && <span className="chip tone-waiting">practice</span>}
      </span>
      <TeamChoice />
      <Button className="box search-box" onPress={openPalette}>
        <Search className="icon" aria-hidden /><span className="ellipsis" aria-hidden>Search</span><span className="sr">Search services and commands</span>
        <span className="right keys" aria-hidden><kbd>/</kbd> <kbd>Ctrl K</kbd></span>
      </Button>
      <span className="grow" />
      {overview.data && <Sources overview={overview.data} />}
      <Refresh refreshing={overview.data?.refreshing ?? false} progress={progress} />
      <Button className="btn icon-only" aria-label={`Use ${other} colours`} onPress={() => setPreferences({ theme: other })}>
        {theme === "dark" ? <Sun className="icon" aria-hidden /> : <Moon className="icon" aria-hidden />}
      </Button>
      <IdentityMenu />
    </>
  );
}
