package io.j8s.cluster.server;

import io.j8s.apiserver.resources.Resources;
import io.j8s.cluster.encryption.EncryptedForms;
import io.j8s.cluster.encryption.KmsPlugins;
import io.j8s.cluster.host.Failure;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How stored values are encrypted.
///
/// @param file an EncryptionConfiguration (`--encryption-provider-config`); null: they are not
/// @param reloading whether it is read again when it changes (`--encryption-provider-config-automatic-reload`)
public record EncryptionSettings(@Nullable Path file, boolean reloading) {

    public static final EncryptionSettings NONE = new EncryptionSettings(null, false);

    /// @param prefix what all keys begin with
    @Nullable EncryptedForms open(String prefix, Timeline timeline) {
        Path rules = file;
        if (rules == null) {
            return null;
        }
        KmsPlugins plugins = new KmsPlugins(timeline);
        try {
            return new EncryptedForms(rules, prefix, Resources.all(), plugins, reloading, timeline);
        } catch (IOException e) {
            plugins.close();
            throw new Failure(Failure.Kind.PROGRAM, rules + ": cannot be read: " + e, "name another file with --encryption-provider-config", e);
        } catch (IllegalArgumentException e) {
            plugins.close();
            throw new Failure(Failure.Kind.PROGRAM, String.valueOf(e.getMessage()), "mend the file of --encryption-provider-config", e);
        }
    }
}
