/// A store that lives in an etcd: the client of its v3 API, in the shape of the store's own interface.
@NullMarked
package io.j8s.etcd;

import org.jspecify.annotations.NullMarked;
