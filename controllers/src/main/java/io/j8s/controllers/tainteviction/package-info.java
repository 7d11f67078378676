/// Removes pods from nodes with `NoExecute` taints that they do not tolerate, or not for longer.
@NullMarked
package io.j8s.controllers.tainteviction;

import org.jspecify.annotations.NullMarked;
