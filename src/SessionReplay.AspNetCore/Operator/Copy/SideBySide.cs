using System.Runtime.CompilerServices;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>Compares two listings that are in the same order, a page of each in memory.</summary>
internal static class SideBySide
{
    public const int PageSize = 500;

    /// <summary>Orders sessions as catalogs list them.</summary>
    public static int Compare(SessionRef a, SessionRef b) =>
        string.CompareOrdinal(a.Tenant.Value, b.Tenant.Value) is not 0 and var order ? order : a.Session.Value.CompareTo(b.Session.Value);

    /// <summary>Gives each item of the source with that of the target which has the same name, if there is one.</summary>
    /// <param name="source">Lists a page of the source behind an item.</param>
    /// <param name="target">Lists a page of the target behind an item.</param>
    /// <param name="compare">Orders items by their names.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public static async IAsyncEnumerable<(T Source, T? Target)> MatchAsync<T>(
        Func<T?, ValueTask<IReadOnlyList<T>>> source, Func<T?, ValueTask<IReadOnlyList<T>>> target, Comparison<T> compare,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        var others = PagesAsync(target, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var othersScope = others.ConfigureAwait(false);
        var hasOther = await others.MoveNextAsync().ConfigureAwait(false);
        await foreach (var item in PagesAsync(source, cancellationToken).ConfigureAwait(false))
        {
            while (hasOther && compare(others.Current, item) < 0)
            {
                hasOther = await others.MoveNextAsync().ConfigureAwait(false);
            }

            yield return (item, hasOther && compare(others.Current, item) == 0 ? others.Current : null);
        }
    }

    private static async IAsyncEnumerable<T> PagesAsync<T>(
        Func<T?, ValueTask<IReadOnlyList<T>>> list, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        for (T? after = null; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await list(after).ConfigureAwait(false);
            foreach (var item in page)
            {
                yield return item;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            after = page[^1];
        }
    }
}
