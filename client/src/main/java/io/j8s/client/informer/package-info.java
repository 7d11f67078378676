/// Local copies of what the API holds, kept up to date by watches, and the handlers that are told of changes.
@NullMarked
package io.j8s.client.informer;

import org.jspecify.annotations.NullMarked;
