namespace SessionReplay.Runs;

/// <summary>Splits what is read or written at once, so that no call grows with what somebody has sent.</summary>
internal static class ByteRuns
{
    /// <summary>Splits items into runs, in order.</summary>
    /// <param name="items">The items.</param>
    /// <param name="bytes">The size of an item.</param>
    /// <param name="maxBytes">The most bytes in a run. An item that is larger is a run of its own.</param>
    /// <param name="maxItems">The most items in a run.</param>
    /// <returns>The runs; none is empty.</returns>
    public static IEnumerable<List<T>> Split<T>(IEnumerable<T> items, Func<T, long> bytes, long maxBytes, int maxItems = int.MaxValue)
    {
        var (run, size) = (new List<T>(), 0L);
        foreach (var item in items)
        {
            var length = bytes(item);
            if (run.Count == maxItems || (run.Count > 0 && size + length > maxBytes))
            {
                yield return run;
                (run, size) = ([], 0);
            }

            run.Add(item);
            size += length;
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }
}
