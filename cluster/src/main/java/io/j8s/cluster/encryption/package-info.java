/// Encryption of what is stored (EncryptionConfiguration, apiserver.config.k8s.io/v1), in the forms in which upstream stores it.
@NullMarked
package io.j8s.cluster.encryption;

import org.jspecify.annotations.NullMarked;
