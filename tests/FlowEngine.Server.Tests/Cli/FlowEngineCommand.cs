using System.Text;
using FlowEngine.Server.Cli;
using FlowEngine.TestServers;

namespace FlowEngine.Server.Tests.Cli;

/// <summary>
/// Runs a command in the process of the tests, which has compiled its code already, in the folder of the repository: for what a command
/// says and does. What a process is, serves or is given by its environment is for <see cref="FlowEngineProcess"/>.
/// </summary>
internal static class FlowEngineCommand
{
    private static readonly AsyncLocal<Streams?> Own = new();

    /// <summary>Where a terminal is, commands ask and draw: there it is a process all the same.</summary>
    private static readonly Lazy<bool> IsPossible = new(() =>
    {
        if (!Console.IsInputRedirected || !Console.IsOutputRedirected || !Console.IsErrorRedirected)
            return false;
        Environment.CurrentDirectory = FlowEngineProcess.Repository;
        Console.SetIn(new OwnReader(Console.In));
        Console.SetOut(new OwnWriter(Console.Out, streams => streams.Output));
        Console.SetError(new OwnWriter(Console.Error, streams => streams.Error));
        return true;
    });

    /// <summary>Runs a command.</summary>
    public static Task<FlowEngineProcess.Finished> RunAsync(params string[] arguments) =>
        RunAsync("", new Dictionary<string, string>(), arguments);

    /// <summary>Runs a command.</summary>
    /// <param name="input">What it reads from its standard input.</param>
    /// <param name="environment">Its environment: with one of its own it is a process.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<FlowEngineProcess.Finished> RunAsync(
        string input,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    )
    {
        if (environment.Count > 0 || !IsPossible.Value)
            return await FlowEngineProcess.RunAsync(input, environment, arguments);

        var streams = new Streams(new StringReader(input), new StringWriter(), new StringWriter());
        var exitCode = await InvokeAsync(streams, arguments);
        return FlowEngineProcess.Swept(exitCode, streams.Output.ToString(), streams.Error.ToString());
    }

    /// <summary>What is set here for one command alone ends with this method.</summary>
    private static async Task<int> InvokeAsync(Streams streams, string[] arguments)
    {
        Own.Value = streams;
        return await CommandLine.InvokeAsync(arguments);
    }

    private sealed record Streams(StringReader Input, StringWriter Output, StringWriter Error);

    /// <summary>Shared: writes to the command that the caller belongs to, and of nobody's to where it always went.</summary>
    private sealed class OwnWriter(TextWriter others, Func<Streams, TextWriter> choose) : TextWriter
    {
        public override Encoding Encoding => others.Encoding;

        private TextWriter Current => Own.Value is { } streams ? choose(streams) : others;

        public override void Write(char value) => Current.Write(value);

        public override void Write(char[] buffer, int index, int count) => Current.Write(buffer, index, count);

        public override void Write(ReadOnlySpan<char> buffer) => Current.Write(buffer);

        public override void Write(string? value) => Current.Write(value);

        public override void Flush() => Current.Flush();
    }

    /// <summary>Shared: reads what the command was given that the caller belongs to.</summary>
    private sealed class OwnReader(TextReader others) : TextReader
    {
        private TextReader Current => Own.Value?.Input ?? others;

        public override int Peek() => Current.Peek();

        public override int Read() => Current.Read();

        public override int Read(char[] buffer, int index, int count) => Current.Read(buffer, index, count);

        public override string? ReadLine() => Current.ReadLine();

        public override string ReadToEnd() => Current.ReadToEnd();
    }
}
