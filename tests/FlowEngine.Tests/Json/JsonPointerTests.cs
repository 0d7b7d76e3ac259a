using FlowEngine.Json;

namespace FlowEngine.Tests.Json;

public sealed class JsonPointerTests
{
    // RFC 6901, 5.
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("/foo", new[] { "foo" })]
    [InlineData("/foo/0", new[] { "foo", "0" })]
    [InlineData("/", new[] { "" })]
    [InlineData("/a~1b", new[] { "a/b" })]
    [InlineData("/m~0n", new[] { "m~n" })]
    [InlineData("/~01", new[] { "~1" })]
    [InlineData("/ /k\"l", new[] { " ", "k\"l" })]
    public void Segments_OfAPointer_AreThoseItIsMadeOf(string pointer, string[] segments)
    {
        Assert.Equal(segments, JsonPointer.Segments(pointer));
        Assert.Equal(pointer, segments.Aggregate(JsonPointer.Root, JsonPointer.At));
    }

    [Fact]
    public void Segments_NoPointer_None() => Assert.Empty(JsonPointer.Segments("name"));

    [Fact]
    public void At_Index_IsANumber() => Assert.Equal("/rows/12", JsonPointer.At("/rows", 12));
}
