import { useEffect, useState } from 'react';

/** Whether any of an element is in sight, as far as scrolling decides. */
export function useInView(element: HTMLElement | null): boolean {
  const [isInView, setIsInView] = useState(true);
  useEffect(() => {
    if (element === null) return undefined;
    const observer = new IntersectionObserver((entries) => {
      const newest = entries.at(-1);
      if (newest !== undefined) setIsInView(newest.isIntersecting);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return isInView;
}
