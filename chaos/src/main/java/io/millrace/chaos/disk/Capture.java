package io.millrace.chaos.disk;

import io.millrace.chaos.disk.NameTree.Change;
import io.millrace.chaos.disk.NameTree.DirectoryNode;
import io.millrace.chaos.disk.NameTree.FileNode;
import io.millrace.chaos.disk.NameTree.Node;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything a power cut at one instant may leave: the durable names and the changes since, the
 * durable pages and the versions since. Taken while the engine goes on; a page that is written
 * meanwhile is caught as it is, as a disk would catch it.
 *
 * @param moment what was under way
 * @param what the storage operation at which it was taken, for people
 * @param fromNs just before it was taken, in ns of the lab's clock: what was answered by then must
 *     survive
 * @param toNs just after it was taken: what was asked later left nothing in it
 * @param root the directory all is below
 * @param durable the durable entries of every directory
 * @param pending the changes of names since, oldest first
 * @param files every file that a crash may find
 */
record Capture(
    Moment moment,
    String what,
    long fromNs,
    long toNs,
    DirectoryNode root,
    Map<DirectoryNode, Map<String, Node>> durable,
    List<Change> pending,
    Map<FileNode, TrackedFile.State> files) {

  static Capture of(NameTree names, Moment moment, String what, LabClock clock) throws IOException {
    long fromNs = clock.elapsedNs();
    Map<DirectoryNode, Map<String, Node>> durable = new HashMap<>();
    Map<FileNode, TrackedFile.State> files = new HashMap<>();
    for (Node node : names.reachable()) {
      if (node instanceof DirectoryNode directory) {
        durable.put(directory, new TreeMap<>(directory.durable()));
      } else if (node instanceof FileNode file) {
        files.put(file, file.content().state());
      }
    }
    return new Capture(
        moment, what, fromNs, clock.elapsedNs(), names.root(), durable, names.pending(), files);
  }

  /** What a crash may find of a file. */
  TrackedFile.State stateOf(FileNode file) {
    TrackedFile.State state = files.get(file);
    if (state == null) {
      throw new AssertionError("a file that no crash can find was found");
    }
    return state;
  }
}
