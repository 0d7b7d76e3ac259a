using FlowEngine.HttpConnector.Wire;

namespace FlowEngine.HttpConnector.Tests.Wire;

public sealed class LinkHeaderTests
{
    [Theory]
    [InlineData("""</p?n=2>; rel="next" """, "/p?n=2")]
    [InlineData("</p?n=2>; rel=next", "/p?n=2")]
    [InlineData("</p?n=2> ; REL = NEXT", "/p?n=2")]
    [InlineData("""</p>; rel="last next  prev" """, "/p")]
    [InlineData("""</p>; rel="last NEXT" """, "/p")]
    [InlineData("""</last>; rel="last", </next>; rel="next" """, "/next")]
    [InlineData("""</a,b;c>; rel="next" """, "/a,b;c")]
    [InlineData("""</a>; title="x, </b>; rel=next"; rel=prev, </c>; rel=next""", "/c")]
    [InlineData(""" </a>; title="a \"quoted\", </b>" ; rel="next" """, "/a")]
    [InlineData("</one>; rel=next, </two>; rel=next", "/one")]
    [InlineData("</a>; rel=prev; rel=next", null)]
    [InlineData("</a>; rel=prev; rel=next, </b>; rel=next", "/b")]
    [InlineData("""</a>; anchor="/other"; rel=next, </b>; rel=next""", "/b")]
    [InlineData("</a>; rel=nextish", null)]
    [InlineData("""</a>; rel="next-page" """, null)]
    [InlineData("</a>", null)]
    [InlineData("</a>; rel", null)]
    [InlineData("</a>; rel=, </b>; rel=next", "/b")]
    [InlineData("""</a>; rel="next""", "/a")]
    [InlineData("<>; rel=next", "")]
    [InlineData(", ,</a>;rel=next", "/a")]
    [InlineData("</a>; flag; rel=next; x=1", "/a")]
    [InlineData("</a; rel=next", null)]
    [InlineData("/a; rel=next", null)]
    [InlineData("", null)]
    public void Find_OfTheseLinks_IsTheFirstWithTheRelation(string header, string? target) =>
        Assert.Equal(target, LinkHeader.Find(header, "next"));

    /// <summary>What grew with the square of the length would not end.</summary>
    [Theory]
    [InlineData("<")]
    [InlineData("</a>;")]
    [InlineData("</a>;x=\"")]
    [InlineData("</a>; rel=prev,")]
    [InlineData(";=,\"")]
    public void Find_OfALongHeader_EndsSoon(string part)
    {
        var header = string.Concat(Enumerable.Repeat(part, 10_000_000 / part.Length));
        Assert.Null(LinkHeader.Find(header, "next"));
    }
}
