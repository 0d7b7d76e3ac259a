using FlowEngine.HttpConnector.Connectors;
using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Tests.Wire;

/// <summary>Structured fields (RFC 9651), written anew.</summary>
public sealed class StructuredFieldTests
{
    [Theory]
    [InlineData("  a=1,    b=2;x=1;y=2,   c=(a   b   c)", "a=1, b=2;x=1;y=2, c=(a b c)")] // RFC 9421 section 2.1.1
    [InlineData("sugar, tea, rum", "sugar, tea, rum")]
    [InlineData("(\"foo\"   \"bar\");a=?1;b,(  )", "(\"foo\" \"bar\");a;b, ()")]
    [InlineData("a=?0, b=?1, c;foo=bar", "a=?0, b, c;foo=bar")]
    [InlineData("a=1, a=2", "a=2")]
    [InlineData("x;q=1;w=2;q=3", "x;q=3;w=2")]
    [InlineData("  042 , -0, 0001.500, -00.10", "42, 0, 1.5, -0.1")]
    [InlineData("\"it is \\\"so\\\"\\\\\"", "\"it is \\\"so\\\"\\\\\"")]
    [InlineData(":cHJldGVuZA:", ":cHJldGVuZA==:")]
    [InlineData("@1659578233", "@1659578233")]
    [InlineData("%\"f%c3%bc\"", "%\"f%c3%bc\"")]
    [InlineData("*a/b:c", "*a/b:c")]
    [InlineData("", "")]
    public void Rewrite_OfAField_IsAsTheRfcWritesIt(string value, string written) => Assert.Equal(written, StructuredField.Rewrite(value));

    [Theory]
    [InlineData("a,")]
    [InlineData("a b")]
    [InlineData("(a b")]
    [InlineData("(a\"b\")")]
    [InlineData("\"a")]
    [InlineData("\"a\\b\"")]
    [InlineData("\"é\"")]
    [InlineData("1234567890123456")]
    [InlineData("1.")]
    [InlineData("1.2345")]
    [InlineData("1234567890123.1")]
    [InlineData("-")]
    [InlineData("?2")]
    [InlineData(":a_b:")]
    [InlineData(":YQ==")]
    [InlineData("@1.5")]
    [InlineData("%\"F%C3\"")]
    [InlineData("%\"%c3\"")]
    [InlineData("A=1")]
    [InlineData("a=1;B=2")]
    [InlineData("Mon, 1 Jan 2024 00:00:00 GMT")]
    [InlineData("{}")]
    public void Rewrite_OfWhatIsNone_IsNull(string value) => Assert.Null(StructuredField.Rewrite(value));

    /// <summary>RFC 9421 section 2.1.2.</summary>
    [Theory]
    [InlineData("a", "1")]
    [InlineData("d", "?1")]
    [InlineData("b", "2;x=1;y=2")]
    [InlineData("c", "(a b c)")]
    [InlineData("e", null)]
    public void MemberOf_ADictionary_HasItsParameters(string key, string? value) =>
        Assert.Equal(value, StructuredField.MemberOf("  a=1, b=2;x=1;y=2, c=(a   b    c), d", key));

    [Fact]
    public void MemberOf_WhatIsNoDictionary_IsNull() => Assert.Null(StructuredField.MemberOf("\"a\"", "a"));

    /// <summary>Any text gives a field or none, never an exception, and what is written is read the same.</summary>
    [Fact]
    public void Rewrite_AnyText_IsStable()
    {
        const string Alphabet = "ab1.-;,=()\"\\:?@%* \t/é";
        var random = new Random(9651);
        var fields = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            if (StructuredField.Rewrite(text) is not { } written)
                continue;
            fields++;
            Assert.Equal(written, StructuredField.Rewrite(written));
        }
        Assert.InRange(fields, 1_000, 49_000);
    }
}
