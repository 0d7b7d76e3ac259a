using System.Globalization;
using System.Text.Json;
using FlowEngine.Errors;
using FlowEngine.Json;

namespace FlowEngine.Model;

/// <summary>Finds the lines and columns of JSON Pointers (RFC 6901) in a file's bytes. Stateless.</summary>
public static class JsonPointerLocator
{
    /// <summary>Finds several places in one pass.</summary>
    /// <param name="utf8">The file. It may be broken: what stands before the break is found.</param>
    /// <param name="pointers">The places, as diagnostics name them.</param>
    /// <returns>For each pointer the position of the member's name or of the element. A place that does not exist has that of the innermost
    /// place around it that does; a text that is no pointer has that of the whole document.</returns>
    public static IReadOnlyDictionary<string, TextPosition> Locate(ReadOnlySpan<byte> utf8, IEnumerable<string> pointers)
    {
        var root = new Wanted();
        var ends = new Dictionary<string, Wanted>(StringComparer.Ordinal);
        foreach (var pointer in pointers)
            ends.TryAdd(pointer, Add(root, pointer));

        Walk(utf8, root);
        return ends.ToDictionary(pair => pair.Key, pair => pair.Value.Nearest(), StringComparer.Ordinal);
    }

    /// <summary>Finds one place; see <see cref="Locate"/>.</summary>
    public static TextPosition Find(ReadOnlySpan<byte> utf8, string pointer) => Locate(utf8, [pointer])[pointer];

    private static Wanted Add(Wanted root, string pointer)
    {
        var place = root;
        foreach (var segment in JsonPointer.Segments(pointer))
            place = place.Child(segment);
        return place;
    }

    private static void Walk(ReadOnlySpan<byte> utf8, Wanted root)
    {
        var walk = new JsonWalk(utf8);
        var cursor = new TextCursor(utf8);

        // What is wanted inside each open array or object; null where nothing is.
        var open = new Stack<Wanted?>();
        Wanted? member = null;
        try
        {
            while (walk.Read())
            {
                switch (walk.Token)
                {
                    case JsonTokenType.PropertyName:
                        member = open.Peek()?.Find(walk.Name);
                        Found(member, ref cursor, walk.TokenStart);
                        break;
                    case JsonTokenType.EndArray or JsonTokenType.EndObject:
                        open.Pop();
                        break;
                    case JsonTokenType.StartArray or JsonTokenType.StartObject:
                        var place = Value(walk, walk.Depth - 2);
                        Found(place, ref cursor, walk.TokenStart);
                        open.Push(place);
                        break;
                    default:
                        Found(Value(walk, walk.Depth - 1), ref cursor, walk.TokenStart);
                        break;
                }
            }
        }
        catch (JsonException error)
        {
            var (at, offset) = walk.Break(null, error);
            Add(root, at.Pointer).Position ??= cursor.MoveTo(offset);
        }

        // The value that was just read, whose container is at this depth; a member's value is found where its name stands.
        Wanted? Value(in JsonWalk at, int container)
        {
            if (container < 0)
                return root;
            return at.Index(container) is { } index ? open.Peek()?.Find(index.ToString(CultureInfo.InvariantCulture)) : member;
        }
    }

    private static void Found(Wanted? place, ref TextCursor cursor, int offset)
    {
        if (place is { Position: null })
            place.Position = cursor.MoveTo(offset);
    }

    /// <summary>A place that is looked for, or lies on the way to one.</summary>
    private sealed class Wanted(Wanted? parent = null)
    {
        private Dictionary<string, Wanted>? _children;

        public TextPosition? Position { get; set; }

        public Wanted? Find(string segment) => _children?.GetValueOrDefault(segment);

        public Wanted Child(string segment)
        {
            _children ??= new Dictionary<string, Wanted>(StringComparer.Ordinal);
            if (!_children.TryGetValue(segment, out var child))
                _children.Add(segment, child = new Wanted(this));
            return child;
        }

        public TextPosition Nearest()
        {
            for (var place = this; place is not null; place = place.Parent)
            {
                if (place.Position is { } position)
                    return position;
            }
            return new TextPosition(1, 1);
        }

        private Wanted? Parent => parent;
    }
}
