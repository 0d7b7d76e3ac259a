using FlowEngine.Context;
using FlowEngine.Settings;
using FlowEngine.Storage;

namespace FlowEngine.Storage.Tests;

/// <summary>Twice as many settings cost twice the bytes.</summary>
public sealed class ConnectorSecretsTests
{
    [Fact]
    public void Mask_TwiceAsManySettings_TakesTwiceTheBytes()
    {
        var secrets = new ConnectorSecrets(null!, _ => null);
        var (once, twice) = (Definition(4_000), Definition(8_000));
        Bytes(once);
        Bytes(twice);
        var (bytes, of) = (Bytes(once), Bytes(twice));
        Assert.True(of < 2.6 * bytes + 10_000, $"4,000 took {bytes} bytes, 8,000 took {of}.");

        long Bytes(FlowObject definition)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal("***", secrets.Mask(definition).Get("configuration").Get("n7").ToText());
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>As of a kind of authentication whose extension was taken out.</summary>
    [Fact]
    public void Mask_WhatIsSealedInAnUnknownMember_IsMaskedAndKept()
    {
        var secrets = new ConnectorSecrets(null!, _ => SettingsDescriptor.Of(typeof(Known)));
        FlowValue
            .Parse("""{ "type": "http", "configuration": { "url": "u", "gone": { "who": "me", "key": "sealed:abc" } } }""")
            .TryGetObject(out var stored);

        var shown = secrets.Mask(stored!);
        Assert.Equal("""{"url":"u","gone":{"who":"me","key":"***"}}""", shown.Get("configuration").ToJson());
        Assert.Equal(stored!.Get("configuration").ToJson(), secrets.Unmask(shown, stored).Get("configuration").ToJson());
        // Nobody opens it: what uses it is not there.
        Assert.Equal(stored.Get("configuration").ToJson(), secrets.Open(stored).Get("configuration").ToJson());
    }

    /// <summary>Rows come, go and move: a mask stands for the secret of its name, never for that of the row's place.</summary>
    [Theory]
    [InlineData("""[ { "key": "X-B", "value": "***", "secret": true }, { "key": "x-a", "value": "***", "secret": true } ]""", "two one")]
    [InlineData("""[ { "key": "x-b", "value": "***", "secret": true } ]""", "two")]
    [InlineData("""[ { "key": "x-new", "value": "***", "secret": true } ]""", "***")]
    [InlineData("""[ { "key": "x-a", "value": "***" } ]""", "***")]
    [InlineData("""[ { "key": "x-a", "value": "three", "secret": true } ]""", "three")]
    public void Unmask_RowsOfAList_KeepTheSecretsOfTheirNames(string edited, string values)
    {
        var secrets = new ConnectorSecrets(null!, _ => SettingsDescriptor.Of(typeof(WithRows)));
        var stored = Definition(
            """[ { "key": "x-a", "value": "one", "secret": true }, { "key": "x-b", "value": "two", "secret": true }, { "key": "x-c", "value": "open" } ]"""
        );

        Assert.Equal(
            """[{"key":"x-a","value":"***","secret":true},{"key":"x-b","value":"***","secret":true},{"key":"x-c","value":"open"}]""",
            secrets.Mask(stored).Get("configuration").Get("rows").ToJson()
        );
        secrets.Unmask(Definition(edited), stored).Get("configuration").Get("rows").TryGetArray(out var rows);
        Assert.Equal(values, string.Join(' ', rows!.Select(row => row.Get("value").ToText())));

        static FlowObject Definition(string rows)
        {
            FlowValue.Parse($$"""{ "type": "http", "configuration": { "rows": {{rows}} } }""").TryGetObject(out var definition);
            return definition!;
        }
    }

    /// <summary>A secret that stood alone is the first of two, whichever way it is written.</summary>
    [Theory]
    [InlineData("\"one\"", "\"***\"", "\"one\"")]
    [InlineData("\"one\"", """[ "***", "two" ]""", """["one","two"]""")]
    [InlineData("""[ "one", "two" ]""", """[ "***", "***" ]""", """["one","two"]""")]
    [InlineData("""[ "one", "two" ]""", "\"***\"", "\"one\"")]
    [InlineData("\"one\"", """[ "two", "***" ]""", """["two","***"]""")]
    public void Unmask_OneOfAList_KeepsItsPlace(string stored, string edited, string expected)
    {
        var secrets = new ConnectorSecrets(null!, _ => SettingsDescriptor.Of(typeof(WithSecrets)));

        var shown = secrets.Mask(Definition(stored)).Get("configuration").Get("keys").ToJson();
        Assert.DoesNotContain("one", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("two", shown, StringComparison.Ordinal);
        Assert.Equal(expected, secrets.Unmask(Definition(edited), Definition(stored)).Get("configuration").Get("keys").ToJson());

        static FlowObject Definition(string keys)
        {
            FlowValue.Parse($$"""{ "type": "http", "configuration": { "keys": {{keys}} } }""").TryGetObject(out var definition);
            return definition!;
        }
    }

    private sealed class WithSecrets
    {
        [Setting("Keys.", TakesOne = true, MaxItems = 2)]
        public IReadOnlyList<Secret> Keys { get; set; } = [];
    }

    private sealed class WithRows
    {
        [Setting("Rows.")]
        public IReadOnlyList<Row> Rows { get; set; } = [];
    }

    private sealed class Row
    {
        [Setting("The name.", IsKey = true)]
        public string Key { get; set; } = "";

        [Setting("The value.", SecretWhen = "secret")]
        public string Value { get; set; } = "";

        [Setting("Whether it is a secret.")]
        public bool Secret { get; set; }
    }

    private sealed class Known
    {
        [Setting("Where.")]
        public string Url { get; set; } = "";
    }

    private static FlowObject Definition(int count)
    {
        FlowValue
            .Parse(
                """{ "type": "other","""
                    + $$""" "configuration": { {{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"n{i}\": \"text\""))}} } }"""
            )
            .TryGetObject(out var definition);
        return definition!;
    }
}
