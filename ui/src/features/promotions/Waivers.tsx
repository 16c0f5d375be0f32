// Gates that somebody answers for, those that count for nothing with the reason.
import type { WaiverView } from "../../contract";
import { Ago, Told } from "../../components/time";

export function Waivers({ waivers }: { waivers: WaiverView[] }) {
  if (waivers.length === 0) return null;
  return (
    <table className="grid-table" aria-label="Waivers">
      <thead><tr><th scope="col">Waived rule</th><th scope="col">Answers for it</th><th scope="col">Reason</th><th scope="col">Ends</th></tr></thead>
      <tbody>
        {waivers.map((waiver) => (
          <tr key={`${waiver.gate} ${waiver.service} ${waiver.expires}`}>
            <th scope="row" className="mono">{waiver.gate}<div className="faint">{waiver.service}</div></th>
            <td>{waiver.owner}{waiver.by !== waiver.owner && <span className="faint">, given by {waiver.by}</span>}</td>
            <td>{waiver.reason}{waiver.ignored && <div className="tone-unknown">counts for nothing: <Told text={waiver.ignored} /></div>}</td>
            <td className="whole-word"><Ago at={waiver.expires} suffix=" ago" /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
