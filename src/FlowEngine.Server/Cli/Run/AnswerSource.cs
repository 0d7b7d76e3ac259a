using FlowEngine.Errors;
using FlowEngine.Execution;
using FlowEngine.Screens;

namespace FlowEngine.Server.Cli.Run;

/// <summary>Per run and single-threaded: where the answers to screens come from: a file, a terminal, or a pipe.</summary>
internal abstract class AnswerSource
{
    /// <summary>Why the next answer cannot be used at all, or null.</summary>
    public FlowError? Problem { get; protected set; }

    /// <summary>The answer to the screen that the run shows; null when there is
    /// none left or <see cref="Problem"/> says why it cannot be used.</summary>
    public abstract ValueTask<ScreenSubmission?> NextAsync(FlowRun run, CancellationToken cancellationToken);

    /// <summary>Tells whoever answers that the submission was refused. The run shows the same screen again.</summary>
    public virtual void Refused(FlowError problem) =>
        Console.Error.WriteLine($"The answer was refused ({problem.Code}): {problem.Message}");
}
