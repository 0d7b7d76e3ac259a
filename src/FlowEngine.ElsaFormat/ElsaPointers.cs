using System.Globalization;

namespace FlowEngine.ElsaFormat;

/// <summary>Per file; built single-threaded, then read only: which place of the Elsa file each part of the flow came from.</summary>
internal sealed class ElsaPointers
{
    private readonly Dictionary<string, (string Place, bool IsWhole)> _places = new(StringComparer.Ordinal);

    /// <summary>Says where a part of the flow came from; what lies inside it lies inside that place.</summary>
    public void Add(string flow, string elsa) => _places[flow] = (elsa, false);

    /// <summary>Says where a part of the flow came from that has another form inside.</summary>
    public void AddWhole(string flow, string elsa) => _places[flow] = (elsa, true);

    /// <summary>Turns a pointer into the flow into one into the Elsa file.</summary>
    public string Translate(string pointer)
    {
        for (var end = pointer.Length; end > 0; end = pointer.LastIndexOf('/', end - 1))
        {
            if (_places.TryGetValue(pointer[..end], out var found))
                return found.IsWhole ? found.Place : found.Place + pointer[end..];
        }
        return pointer;
    }

    /// <summary>The elements of a list have new places in the flow.</summary>
    /// <param name="list">The pointer of the list, with a slash behind.</param>
    /// <param name="renumber">The new index by the old one.</param>
    public void Renumber(string list, Func<int, int> renumber)
    {
        var moved = new List<(string Pointer, (string, bool) Place)>();
        foreach (var (pointer, place) in _places)
        {
            if (!pointer.StartsWith(list, StringComparison.Ordinal))
                continue;
            var end = pointer.IndexOf('/', list.Length);
            end = end < 0 ? pointer.Length : end;
            var index = renumber(int.Parse(pointer.AsSpan(list.Length, end - list.Length), CultureInfo.InvariantCulture));
            moved.Add(($"{list}{index.ToString(CultureInfo.InvariantCulture)}{pointer[end..]}", place));
            _places.Remove(pointer);
        }
        foreach (var (pointer, place) in moved)
            _places[pointer] = place;
    }
}
