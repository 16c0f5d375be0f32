// When a screen itself breaks, and when an address leads nowhere.
import { Link } from "@tanstack/react-router";
import { Empty, ErrorPanel } from "../../components/state";
import { toEnvelope } from "../../host/host";

export function Failure({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <>
      <div className="bar"><h1>This screen broke</h1></div>
      <div className="body"><div className="page">
        <ErrorPanel error={{ ...toEnvelope(error), retryable: true }} retry={reset} />
        <p className="dim">Nothing that runs depends on this window. <Link className="link" to="/environments">Go to Environments</Link></p>
      </div></div>
    </>
  );
}

export function NowhereScreen() {
  return (
    <>
      <div className="bar"><h1>No such place</h1></div>
      <div className="body">
        <Empty title="This address leads nowhere"><Link className="btn" to="/environments">Go to Environments</Link></Empty>
      </div>
    </>
  );
}
