using System.Text.RegularExpressions;
using FlowEngine.Context;

namespace FlowEngine.Tests;

/// <summary>Declares the inputs that a test's flow reads, so that tests of other things need not.</summary>
internal static partial class DeclaredInputs
{
    /// <summary>The member <c>inputs</c> of a flow: every <c>client.&lt;name&gt;</c> that stands in the texts, of any type.</summary>
    public static string In(params IEnumerable<string> texts) =>
        Member(texts.SelectMany(text => Path().Matches(text)).Select(match => match.Groups[1].Value));

    /// <summary>The member <c>inputs</c> of a flow: every name that an object has.</summary>
    public static string Of(FlowValue client) => Member(client.TryGetObject(out var obj) ? obj.Select(input => input.Key) : []);

    private static string Member(IEnumerable<string> names) =>
        $$"""  "inputs": { {{string.Join(", ", names.Distinct().Select(name => FlowValue.From(name).ToJson() + ": {}"))}} }""";

    [GeneratedRegex("""\bclient(?:\.|\[\\?["'])([\p{L}\d_$@:-]+)""")]
    private static partial Regex Path();
}
