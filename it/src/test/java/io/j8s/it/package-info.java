/// End-to-end tests with real parts, as a user would meet them: kubectl, client libraries, a node in a test host, recorded conversations.
@NullMarked
package io.j8s.it;

import org.jspecify.annotations.NullMarked;
