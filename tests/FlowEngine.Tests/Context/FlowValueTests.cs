using FlowEngine.Context;

namespace FlowEngine.Tests.Context;

public sealed class FlowValueTests
{
    [Theory]
    [InlineData("1", "1.0", true)]
    [InlineData("404", "404.0", true)]
    [InlineData("0", "-0", true)]
    [InlineData("1.5", "1.50", true)]
    [InlineData("1e2", "100", true)]
    [InlineData("0.1", "0.10000000000000001", false)]
    [InlineData("9007199254740993", "9007199254740992", false)]
    [InlineData("12345678901234567890", "12345678901234567891", false)]
    [InlineData("1e400", "10e399", true)]
    [InlineData("1e400", "1e401", false)]
    [InlineData("1e-30", "2e-30", false)]
    [InlineData("0.000000000000000000000000000000123456789012345678", "1e-31", false)]
    [InlineData("123456789012345678901234567890123456789", "123456789012345678901234567890123456780", false)]
    [InlineData("1", "\"1\"", false)]
    [InlineData("true", "1", false)]
    [InlineData("null", "\"\"", false)]
    [InlineData("[1,2]", "[1.0,2]", true)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("{\"a\":1,\"b\":[2]}", "{\"b\":[2.0],\"a\":1}", true)]
    [InlineData("{\"a\":1}", "{\"a\":1,\"b\":null}", false)]
    public void Equals_ComparesContent(string left, string right, bool expected)
    {
        var (a, b) = (FlowValue.Parse(left), FlowValue.Parse(right));
        Assert.Equal(expected, a == b);
        Assert.Equal(expected, b == a);
        if (expected)
            Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.True(a.Equals(a.AsSensitive()));
    }

    [Theory]
    [InlineData("\"x\"", "x")]
    [InlineData("1.0", "1")]
    [InlineData("1e21", "1e+21")]
    [InlineData("true", "true")]
    [InlineData("null", "")]
    [InlineData("[1,\"a\"]", "[1,\"a\"]")]
    [InlineData("{ \"a\" : [ ] }", "{\"a\":[]}")]
    public void ToText_FollowsTheRules(string json, string expected) => Assert.Equal(expected, FlowValue.Parse(json).ToText());

    [Fact]
    public void Missing_IsItsOwnKind()
    {
        Assert.True(default(FlowValue).IsMissing);
        Assert.True(FlowValue.Missing.IsNothing);
        Assert.NotEqual(FlowValue.Null, FlowValue.Missing);
        Assert.Equal("", FlowValue.Missing.ToText());
        Assert.False(FlowValue.Missing.AsSensitive().IsSensitive);
        Assert.Equal(FlowValue.Null, FlowValue.From((string?)null));
    }

    [Fact]
    public void Sensitive_IsInheritedByWhatIsInside()
    {
        var value = FlowValue.Parse("""{"a":[{"b":1}]}""").AsSensitive();
        Assert.True(value.Get("a").Get(0).Get("b").IsSensitive);
        Assert.False(value.Get("none").IsSensitive);
        Assert.True(FlowValue.From(FlowArray.Of(FlowValue.From(FlowArray.Of(FlowValue.From(1).AsSensitive())))).ContainsSensitive());
        Assert.False(FlowValue.Parse("""{"a":[{"b":1}]}""").ContainsSensitive());
    }

    [Theory]
    [InlineData("5", true, 5)]
    [InlineData("5.0", true, 5)]
    [InlineData("5.5", false, 0)]
    [InlineData("9223372036854775807", true, long.MaxValue)]
    [InlineData("9223372036854775808", false, 0)]
    [InlineData("\"5\"", false, 0)]
    public void TryGetInteger_IsExact(string json, bool expected, long number)
    {
        Assert.Equal(expected, FlowValue.Parse(json).TryGetInteger(out var value));
        if (expected)
            Assert.Equal(number, value);
    }

    [Fact]
    public void Object_LargeAndSmall_FindTheirMembers()
    {
        foreach (var count in new[] { 1, 8, 9, 16, 17, 200 })
        {
            var builder = new FlowObjectBuilder();
            for (var i = 0; i < count; i++)
                Assert.True(builder.Set($"n{i}", FlowValue.From(i)));
            Assert.False(builder.Set("n0", FlowValue.From(-1)));
            var obj = builder.Build();
            Assert.Equal(count, obj.Count);
            Assert.Equal(FlowValue.From(-1), obj.Get("n0"));
            Assert.Equal(FlowValue.From(-1), obj.GetIgnoringCase("N0"));
            for (var i = 1; i < count; i++)
                Assert.Equal(FlowValue.From(i), obj.Get($"n{i}"));
            Assert.True(obj.Get("none").IsMissing);
            Assert.Equal(FlowValue.From(5), obj.With("new", FlowValue.From(5)).Get("new"));
        }
    }
}
