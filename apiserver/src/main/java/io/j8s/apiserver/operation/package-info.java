/// What is done with a request: reads from the tables; writes through admission, strategy, validation and the store. The same for HTTPS and in this process: nothing here
/// knows of bytes.
@NullMarked
package io.j8s.apiserver.operation;

import org.jspecify.annotations.NullMarked;
