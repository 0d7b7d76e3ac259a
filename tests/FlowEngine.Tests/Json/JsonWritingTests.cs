using System.Diagnostics;
using System.Text;
using System.Text.Json;
using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.Tests.Json;

public sealed class JsonWritingTests
{
    /// <summary>JSON texts, and what <c>JSON.stringify(JSON.parse(text))</c> writes for them.</summary>
    private static readonly string[] Samples =
    [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "-0.0",
        "1.0",
        "1.50",
        "100",
        "1e2",
        "1E+2",
        "1e21",
        "1e20",
        "123456789012345680000",
        "1e-6",
        "1e-7",
        "1.5e-7",
        "0.000001",
        "0.1",
        "-1.25",
        "5e-324",
        "1.7976931348623157e308",
        "9007199254740991",
        "9007199254740992",
        "-9007199254740991",
        "4.35",
        "0.1e1",
        "1.005",
        "2.5e15",
        "123456.789e3",
        "0.30000000000000004",
        "0.12345678901234568",
        "1.2345678901234567e-8",
        "\"\"",
        "\"plain\"",
        "\"é ü ß\"",
        "\"😀\"",
        "\"\\ud83d\\ude00\"",
        "\"\\u2028\\u2029\"",
        "\"\\u0000\\u0001\\u001f\\u007f\"",
        "\"\\b\\f\\n\\r\\t\\\\\\\"\\/\"",
        "\"<script>&'\"",
        "\"\\u00a0\\ufeff\\ufffd\\uffff\"",
        "[]",
        "[ ]",
        "{}",
        "[1,[2,[3,[]]],{}]",
        "{\"b\":1,\"a\":{\"c\":[null,true]}}",
        "{\"\":1,\"a b\":2,\"é\":3,\"\\u2028\":4,\"q\\\"\":5}",
        "{\"a\":1,\"a\":2}",
        "  [ 1 , 2 ]  ",
    ];

    [Fact]
    public async Task Write_EverySample_IsWhatNodeWrites()
    {
        var input = JsonSerializer.Serialize(Samples);
        var expected = await NodeAsync(
            "const s = JSON.parse(require('fs').readFileSync(0, 'utf8')); "
                + "process.stdout.write(JSON.stringify(s.map(t => JSON.stringify(JSON.parse(t)))))",
            input
        );
        if (expected is null)
            Assert.Skip("node is not installed.");
        var lines = JsonSerializer.Deserialize<string[]>(expected)!;
        for (var i = 0; i < Samples.Length; i++)
            Assert.Equal(lines[i], FlowValue.Parse(Samples[i]).ToJson());
    }

    [Fact]
    public async Task Write_RandomDoubles_AreWhatNodeWrites()
    {
        var random = new Random(20240229);
        var doubles = Enumerable
            .Range(0, 2000)
            .Select(i =>
                i % 2 == 0
                    ? BitConverter.Int64BitsToDouble(random.NextInt64())
                    : Math.Round(random.NextDouble() * 1e6, i % 12) * Math.Pow(10, (i % 40) - 20)
            )
            .Where(double.IsFinite)
            .Concat([1e21, 1e-7, 999999999999999900000d, 0.000001, 123456789.123456789])
            .ToArray();
        var hex = string.Join(",", doubles.Select(d => BitConverter.DoubleToInt64Bits(d).ToString("x16")));
        var expected = await NodeAsync(
            "const b = Buffer.alloc(8); process.stdout.write(require('fs').readFileSync(0, 'utf8').split(',').map(h "
                + "=> { b.writeBigUInt64BE(BigInt('0x' + h)); return JSON.stringify(b.readDoubleBE()) }).join(','))",
            hex
        );
        if (expected is null)
            Assert.Skip("node is not installed.");
        Assert.Equal(expected, string.Join(",", doubles.Select(d => FlowValue.From(d).ToJson())));
    }

    [Fact]
    public void Write_Text_EscapesWhatStringifyEscapes()
    {
        // Not as InlineData: metadata cannot hold half a surrogate pair.
        Assert.Equal("\"\\ud800\"", FlowValue.From("\ud800").ToJson());
        Assert.Equal("\"a\\udc00b\"", FlowValue.From("a\udc00b").ToJson());
        Assert.Equal("\"\\ud800\ud800\udc00\"", FlowValue.From("\ud800\ud800\udc00").ToJson());
        Assert.Equal("\"\\udc00\\ud800\"", FlowValue.From("\udc00\ud800").ToJson());
        Assert.Equal("\"\u2028\"", FlowValue.From("\u2028").ToJson());
        Assert.Equal("\"\u007f\"", FlowValue.From("\u007f").ToJson());
    }

    [Theory]
    [InlineData("12345678901234567890")]
    [InlineData("-98765432109876543210.5")]
    [InlineData("0.12345678901234567890")]
    [InlineData("9223372036854775808")]
    [InlineData("1e400")]
    [InlineData("3.14159265358979323846")]
    public void Write_NumberBeyondADouble_KeepsEachDigit(string number) => Assert.Equal(number, FlowValue.Parse(number).ToJson());

    [Fact]
    public void Write_SpecialValues_AreNull()
    {
        Assert.Equal("null", FlowValue.From(double.NaN).ToJson());
        Assert.Equal("null", FlowValue.From(double.PositiveInfinity).ToJson());
        Assert.Equal("null", FlowValue.Missing.ToJson());
        Assert.Equal("[null]", FlowValue.From(FlowArray.Of(FlowValue.Missing)).ToJson());
        Assert.Equal("{}", FlowValue.From(FlowShape.Of("a").With(FlowValue.Missing)).ToJson());
        Assert.Equal("""{"b":1}""", FlowValue.From(FlowShape.Of("a", "b").With(FlowValue.Missing, FlowValue.From(1))).ToJson());
        Assert.Equal("0", FlowValue.From(-0.0).ToJson());
        Assert.Equal("1.50", FlowValue.From(1.50m).ToJson());
        Assert.Equal("9223372036854775807", FlowValue.From(long.MaxValue).ToJson());
        Assert.Equal("-9223372036854775808", FlowValue.From(long.MinValue).ToJson());
    }

    [Fact]
    public void Write_Redacted_MasksSensitiveParts()
    {
        var value = FlowValue.From(
            FlowShape
                .Of("a", "b", "c")
                .With(
                    FlowValue.From("x").AsSensitive(),
                    FlowValue.From(FlowArray.Of(FlowValue.From(1).AsSensitive(), FlowValue.From(2))),
                    FlowValue.Parse("{\"d\":1}").AsSensitive()
                )
        );
        Assert.Equal("""{"a":"***","b":["***",2],"c":"***"}""", value.ToString());
        Assert.Equal("""{"a":"x","b":[1,2],"c":{"d":1}}""", value.ToJson());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("nul")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData("+1")]
    [InlineData("NaN")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{a:1}")]
    [InlineData("'a'")]
    [InlineData("1 2")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\u0001\"")]
    [InlineData("// x\n1")]
    public void Parse_NotJson_Throws(string json) => Assert.ThrowsAny<JsonException>(() => FlowValue.Parse(json));

    [Fact]
    public void Parse_NestsTooDeeply_Throws()
    {
        FlowValue.Parse(new string('[', 128) + new string(']', 128));
        Assert.ThrowsAny<JsonException>(() => FlowValue.Parse(new string('[', 129) + new string(']', 129)));
    }

    [Fact]
    public void Parse_InvalidUtf8_Throws() => Assert.ThrowsAny<JsonException>(() => JsonReading.Parse([(byte)'"', 0xC3, 0x28, (byte)'"']));

    [Fact]
    public void Parse_ByteOrderMark_IsSkipped() => Assert.Equal("1", JsonReading.Parse([0xEF, 0xBB, 0xBF, (byte)'1']).ToJson());

    [Fact]
    public void Parse_RowsOfOneKind_ShareAShape()
    {
        FlowValue.Parse("""[{"a":1,"b":2},{"a":3,"b":4},{"a":5},{"b":6,"a":7},{"a":8,"b":9,"c":10}]""").TryGetArray(out var rows);
        rows![0].TryGetObject(out var first);
        rows[1].TryGetObject(out var second);
        Assert.Same(first!.Shape, second!.Shape);
        Assert.Equal("""[{"a":1,"b":2},{"a":3,"b":4},{"a":5},{"b":6,"a":7},{"a":8,"b":9,"c":10}]""", FlowValue.From(rows).ToJson());
    }

    private static async Task<string?> NodeAsync(string script, string input)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add("-e");
        start.ArgumentList.Add(script);
        try
        {
            using var process = Process.Start(start)!;
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
