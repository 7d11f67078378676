/// An API server of maps, for tests of what is built over [io.j8s.client.Client]: revisions, watches, finalizers, subresources; no validation, no authorization, no defaults.
@NullMarked
package io.j8s.client.testing;

import org.jspecify.annotations.NullMarked;
