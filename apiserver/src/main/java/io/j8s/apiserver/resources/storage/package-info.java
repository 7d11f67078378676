/// The resources of the API group `storage.k8s.io`, each declared in a file of its own; [StorageGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.storage;

import org.jspecify.annotations.NullMarked;
