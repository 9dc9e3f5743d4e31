namespace SessionReplay.DocumentationTests;

/// <summary>Which parts use which others.</summary>
internal sealed class DependencyGraph
{
    private readonly SortedDictionary<string, SortedSet<string>> _uses = new(StringComparer.Ordinal);

    public IEnumerable<string> UsedBy(string part) => _uses.GetValueOrDefault(part) ?? [];

    public void AddPart(string part) => _uses.TryAdd(part, new(StringComparer.Ordinal));

    public void Add(string user, string used)
    {
        AddPart(user);
        AddPart(used);
        if (user != used)
        {
            _uses[user].Add(used);
        }
    }

    /// <summary>Parts in a circle, in the order in which they use each other; empty if there is none.</summary>
    public IReadOnlyList<string> FindCycle() =>
        [.. _uses.Keys.Select(part => FindPath(part, part)).FirstOrDefault(path => path.Count > 0) ?? []];

    /// <summary>Writes a Mermaid flowchart. An arrow is left out if a path of other arrows says the same.</summary>
    public string ToMermaid() =>
        string.Join('\n', [
            "flowchart TD",
            .. _uses.Keys.Select(part => $"    {part.Replace('.', '_')}[{part}]"),
            .. from use in _uses
               from used in use.Value
               where !use.Value.Any(other => other != used && FindPath(other, used).Count > 0)
               select $"    {use.Key.Replace('.', '_')} --> {used.Replace('.', '_')}",
        ]);

    private List<string> FindPath(string from, string to)
    {
        var before = new Dictionary<string, string>(StringComparer.Ordinal);
        var open = new Queue<string>([from]);
        while (open.TryDequeue(out var part))
        {
            foreach (var used in UsedBy(part))
            {
                if (used == to)
                {
                    return [.. Walk(before, from, part), to];
                }

                if (used != from && before.TryAdd(used, part))
                {
                    open.Enqueue(used);
                }
            }
        }

        return [];
    }

    private static IEnumerable<string> Walk(Dictionary<string, string> before, string from, string to)
    {
        var path = new Stack<string>([to]);
        while (path.Peek() != from)
        {
            path.Push(before[path.Peek()]);
        }

        return path;
    }
}
