using System.CommandLine.Parsing;

namespace FlowEngine.Server.Cli;

/// <summary>Stateless: options of the form <c>key=value</c>. The value is everything after the first equals sign.</summary>
internal static class KeyValue
{
    public static KeyValuePair<string, string> Split(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return KeyValuePair.Create(text[..equals].Trim(), text[(equals + 1)..]);
    }

    /// <summary>Makes every value that has no key or no equals sign a usage error.</summary>
    public static void Check(OptionResult result, string form)
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.IndexOf('=', StringComparison.Ordinal) < 1)
                result.AddError($"'{token.Value}' is not of the form {form}.");
        }
    }
}
