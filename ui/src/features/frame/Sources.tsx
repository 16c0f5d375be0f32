// How fresh each system's answer is; a press shows accounts, regions and reasons.
import { Button, Dialog, DialogTrigger, Popover } from "react-aria-components";
import type { OverviewView, Tone } from "../../contract";
import { Ago, Told, told } from "../../components/time";
import { ToneIcon } from "../../components/tone";
import { freshnessWords } from "../../components/words";

/** A calm dot while fresh; an icon of its own shape when not. */
function Mark({ tone }: { tone: Tone }) {
  return tone === "ok" ? <span className="dot tone-ok" aria-hidden /> : <ToneIcon tone={tone} small />;
}

export function Sources({ overview }: { overview: OverviewView }) {
  return (
    <DialogTrigger>
      <Button className="sources">
        <span className="sr">Freshness: </span><span className="sources-word" aria-hidden>Sources</span>
        {overview.sources.map((source) => (
          <span key={source.system} className={`source ${source.tone === "ok" ? "" : "odd"}`} title={told(source.reason ?? source.state)}>
            <Mark tone={source.tone} />
            {source.system}
            <span className="sr">{freshnessWords[source.tone]}, </span>
            <span className="faint age">{source.at ? <Ago at={source.at} /> : source.state}</span>
          </span>
        ))}
      </Button>
      {/* The dialog inside has a name of its own. */}
      <Popover className="popover" placement="bottom end" aria-labelledby="">
        <Dialog aria-label="Freshness of the sources" className="panel">
          <h3>Systems</h3>
          <table className="plain">
            <tbody>
              {overview.sources.map((source) => (
                <tr key={source.system}>
                  <th scope="row"><ToneIcon tone={source.tone} /> {source.system}</th>
                  <td>{source.state}{source.reason && <div className="dim"><Told text={source.reason} /></div>}</td>
                  <td className="faint"><Ago at={source.at} suffix=" ago" /></td>
                </tr>
              ))}
            </tbody>
          </table>
          <h3>Accounts and regions</h3>
          <table className="plain">
            <tbody>
              {overview.scopes.map((scope) => (
                <tr key={`${scope.environment}${scope.region}`}>
                  <th scope="row"><ToneIcon tone={scope.tone} label={freshnessWords[scope.tone]} /> {scope.environment}</th>
                  <td><span className="mono">{scope.account} {scope.region}</span>{scope.reason && <div className="dim"><Told text={scope.reason} /></div>}</td>
                  <td className="faint">{scope.stacks} stacks, <Ago at={scope.at} suffix=" ago" /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
