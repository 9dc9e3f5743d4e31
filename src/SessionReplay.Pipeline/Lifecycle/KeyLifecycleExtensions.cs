using System.Runtime.CompilerServices;
using SessionReplay.Keys;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>Reads lists of keys to their end.</summary>
internal static class KeyLifecycleExtensions
{
    private const int PageSize = 500;

    /// <summary>
    /// Lists all keys of a tenant and purpose that were created before a time, page by page. A key that was returned may be deleted.
    /// </summary>
    public static async IAsyncEnumerable<DataKeyId> ListAllAsync(
        this IKeyLifecycle keys, TenantId tenant, DataKeyPurpose purpose, DateTimeOffset createdBefore,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<DataKeyId> page;
        DataKeyId? after = null;
        do
        {
            page = await keys.ListKeysAsync(tenant, purpose, createdBefore, after, PageSize, cancellationToken).ConfigureAwait(false);
            foreach (var key in page)
            {
                after = key;
                yield return key;
            }
        }
        while (page.Count == PageSize);
    }
}
