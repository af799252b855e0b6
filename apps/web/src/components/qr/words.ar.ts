import type { Translated } from '../../words/define.ts'
import type { words } from './words.ts'

export const ar: Translated<typeof words> = {
  cameraView: 'ما تراه الكاميرا',
  cameraAsking: 'يسألك المتصفح إن كان يجوز لهذه الصفحة استخدام الكاميرا.',
  cameraDenied: 'الكاميرا غير مسموح بها هنا. اسمح بها في إعدادات المتصفح، أو استخدم إحدى الطرق الأخرى أدناه.',
  cameraNone: 'لم يُعثر على كاميرا. استخدم إحدى الطرق الأخرى أدناه.',
  cameraFailed: 'الكاميرا لا تعمل الآن. ربما يستخدمها تطبيق آخر.',
  cameraAgain: 'حاول مرة أخرى',
  paste: 'أو الصق الرمز',
  use: 'استخدم',
  fromPicture: 'اختر صورة للرمز',
  noCodeInPicture: 'لا يوجد رمز في هذه الصورة. التقطها من مسافة أقرب ومن الأمام مباشرة.',
}
