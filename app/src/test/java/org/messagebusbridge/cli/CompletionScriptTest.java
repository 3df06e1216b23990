package org.messagebusbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.messagebusbridge.sandbox.junit.Needs;

/** The script, sourced and asked by real shells. */
class CompletionScriptTest {
  private static final List<String> COMMANDS =
      List.of(
          "bridge=" + BridgeCommand.class.getName(),
          "config=" + ConfigCommand.class.getName(),
          "completion:bash,zsh",
          "format");

  @TempDir private Path directory;

  private Path script() throws IOException, InterruptedException {
    Path script = directory.resolve("completion");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(CompletionScript.class.getName());
    command.addAll(COMMANDS);
    ProcessBuilder builder = new ProcessBuilder(command);
    Process process = builder.redirectOutput(script.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    return script;
  }

  private static List<String> shell(String name, String text)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(name, "-c", text).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return out.lines().toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mbb | '' | bridge completion config format",
        "mbb | b | bridge",
        "mbb bridge | --web | --websocket-stub",
        "mbb bridge | --r | --runsecs",
        "mbb config | --t | --template",
        "mbb completion | '' | bash zsh",
      })
  void bashCompletesCommandsAndTheirOptions(String before, String word, String expected)
      throws Exception {
    Needs.command("bash");
    String[] words = before.split(" ", -1);

    List<String> lines =
        shell(
            "bash",
            """
            source '%s'
            compopt() { :; }
            COMP_WORDS=(%s '%s') COMP_CWORD=%d COMP_LINE='%s %s'
            _complete_mbb
            printf '%%s\\n' "${COMPREPLY[@]}" | sort | paste -sd ' '
            complete -p mbb
            """
                .formatted(script(), before, word, words.length, before, word));

    assertThat(lines).containsExactly(expected, "complete -o default -F _complete_mbb mbb");
  }

  @Test
  void zshTakesTheSameScript() throws Exception {
    Needs.command("zsh");

    List<String> lines =
        shell(
            "zsh",
            """
            autoload -Uz compinit && compinit -u -D
            source '%s'
            print -r -- "${_comps[mbb]}"
            """
                .formatted(script()));

    assertThat(lines).last().asString().contains("_complete_mbb");
  }
}
