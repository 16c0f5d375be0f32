// The command palette: every service, promotion, screen and action by keyboard.
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useMemo, useState } from "react";
import {
  Autocomplete, Collection, Dialog, Header, Input, ListBox, ListBoxItem, ListBoxSection, Modal, ModalOverlay, SearchField, useFilter,
} from "react-aria-components";
import { setPreferences, usePreferences } from "../../components/preferences";
import { useAct, useAsk } from "../../host/queries";
import { entriesOf, type Entry, type Target } from "./entries";

const MOST = 40;

export function Palette({ close, showKeys }: { close: () => void; showKeys: () => void }) {
  const navigate = useNavigate();
  const estate = useAsk("estate_view", {});
  const promotions = useAsk("promotions_view", {});
  const refresh = useAct("overview_refresh");
  const act = useAct("practice_switch_person");
  const { theme, density } = usePreferences();
  const { contains } = useFilter({ sensitivity: "base" });
  const [typed, setTyped] = useState("");
  const entries = useMemo(
    () => entriesOf(estate.data, promotions.data, { theme, density }),
    [estate.data, promotions.data, theme, density],
  );

  const go = (target: Target) => {
    close();
    switch (target.to) {
      case "cell": return void navigate({ to: "/environments", search: { service: target.service, environment: target.environment } });
      case "compare": return void navigate({ to: "/compare", search: { service: target.service, left: target.left, right: target.right } });
      case "promotion": return void navigate({ to: "/promotions/$id", params: { id: target.id } });
      case "screen": return void navigate({ to: target.path });
      case "keys": return showKeys();
      case "refresh": return refresh.mutate({});
      case "theme": return setPreferences({ theme: target.theme });
      case "density": return setPreferences({ density: target.density });
      case "person": return act.mutate({ person: target.person });
    }
  };

  const words = typed.trim().split(/\s+/);
  const found = entries.filter((entry) => words.every((word) => contains(`${entry.label} ${entry.detail} ${entry.group}`, word)));
  // What is called so comes before what only has to do with it.
  const called = (entry: Entry) => words.every((word) => contains(entry.label, word));
  const shown = [...found.filter(called), ...found.filter((entry) => !called(entry))].slice(0, MOST);
  const groups = [...new Set(shown.map((entry) => entry.group))].map((name) => ({ name, entries: shown.filter((entry) => entry.group === name) }));
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && close()}>
      <Modal>
        <Dialog className="dialog palette" aria-label="Search and commands">
          <Autocomplete inputValue={typed} onInputChange={setTyped}>
            <SearchField aria-label="Search" autoFocus className="palette-field">
              <Search className="icon" aria-hidden />
              <Input role="combobox" aria-expanded placeholder="Service, promotion, screen or action" />
            </SearchField>
            <ListBox
              className="palette-list"
              aria-label="Results"
              items={groups}
              onAction={(key) => {
                const entry = entries.find((item) => item.id === key);
                if (entry) go(entry.target);
              }}
              renderEmptyState={() => <div className="dim pad">Nothing is called that.</div>}
            >
              {(group) => (
                <ListBoxSection id={`group ${group.name}`}>
                  <Header>{group.name}</Header>
                  <Collection items={group.entries}>
                    {(entry) => (
                      <ListBoxItem id={entry.id} textValue={entry.label} className="menu-item">
                        <entry.icon className="icon" aria-hidden />
                        <span className="ellipsis">{entry.label}</span><span className="faint right ellipsis">{entry.detail}</span>
                      </ListBoxItem>
                    )}
                  </Collection>
                </ListBoxSection>
              )}
            </ListBox>
          </Autocomplete>
          <div className="palette-foot" aria-hidden>
            <span><kbd>↑</kbd> <kbd>↓</kbd> choose</span><span><kbd>Enter</kbd> go</span><span><kbd>Esc</kbd> close</span><span><kbd>?</kbd> every key</span>
            <span className="right" >{found.length > MOST ? `${MOST} of ${found.length} shown` : `${found.length} found`}</span>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
