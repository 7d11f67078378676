package io.j8s.client;

/// How to write. Empty strings mean not set.
///
/// @param subresource `status`, `scale`, …; empty for the object itself
/// @param fieldManager the name under which changes are owned
/// @param fieldValidation `Strict`, `Warn`, `Ignore`; empty: the server's default
/// @param force for apply: take fields from other managers
public record WriteOptions(String subresource, String fieldManager, String fieldValidation, boolean dryRun, boolean force) {

    public static final WriteOptions NONE = new WriteOptions("", "", "", false, false);

    public WriteOptions onSubresource(String name) {
        return new WriteOptions(name, fieldManager, fieldValidation, dryRun, force);
    }

    public WriteOptions by(String manager) {
        return new WriteOptions(subresource, manager, fieldValidation, dryRun, force);
    }

    public WriteOptions forced() {
        return new WriteOptions(subresource, fieldManager, fieldValidation, dryRun, true);
    }
}
