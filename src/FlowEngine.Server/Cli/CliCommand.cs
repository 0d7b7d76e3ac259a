using System.CommandLine;

namespace FlowEngine.Server.Cli;

/// <summary>Per process, single-threaded: a command whose <c>--help</c> ends with examples.</summary>
internal abstract class CliCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Whole command lines that work.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
