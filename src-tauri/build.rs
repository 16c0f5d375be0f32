//! Build script of the desktop shell: tells Tauri where its files stand in this repository.
//!
//! The shell's package is the repository root, its sources are in `src-tauri`; the two patterns
//! below are relative to the root. Declaring the app manifest is what makes Tauri check each of
//! our own commands against the capability of the calling window.

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/permissions");
    println!("cargo:rerun-if-changed=src-tauri/isolation");
    let manifest = tauri_build::AppManifest::new()
        .permissions_path_pattern("./src-tauri/permissions/**/*.toml");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*.json")
        .app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("the Tauri files of this repository do not fit together: {error:#}");
    }
}
