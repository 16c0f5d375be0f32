//! A Tauri window with one word in it: what `make bench` compares the console's start with.

fn main() {
    interlock_desktop::process::prepare_environment();
    let context = tauri::generate_context!("src-tauri/examples/empty-window/tauri.conf.json");
    if let Err(error) = tauri::Builder::default().run(context) {
        panic!("the empty window does not open: {error}");
    }
}
