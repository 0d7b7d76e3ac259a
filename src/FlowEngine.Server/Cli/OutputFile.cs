namespace FlowEngine.Server.Cli;

/// <summary>Stateless: writes what a command makes.</summary>
internal static class OutputFile
{
    /// <summary>Writes the text to a file, or to standard output when there is none.</summary>
    public static async Task<int> WriteAsync(string text, string? file, CancellationToken cancellationToken)
    {
        if (file is null)
            await Console.Out.WriteAsync(text.AsMemory(), cancellationToken);
        else
            await File.WriteAllTextAsync(file, text, cancellationToken);
        return ExitCodes.Completed;
    }
}
